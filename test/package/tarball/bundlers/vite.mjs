import path from 'node:path'
import { build } from 'vite'

const [entry, outdir] = process.argv.slice(2)
await build({
  root: path.dirname(entry),
  configFile: false,
  logLevel: 'warn',
  build: {
    outDir: outdir,
    emptyOutDir: true,
    modulePreload: false,
    chunkSizeWarningLimit: 5000,
    rolldownOptions: {
      input: { main: entry },
      output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
    },
  },
})
