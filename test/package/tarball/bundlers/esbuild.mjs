import { build } from 'esbuild'

const [entry, outdir] = process.argv.slice(2)
await build({
  entryPoints: { main: entry },
  outdir,
  bundle: true,
  splitting: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  logLevel: 'warning',
})
