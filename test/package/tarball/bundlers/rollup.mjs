import nodeResolve from '@rollup/plugin-node-resolve'
import { rollup } from 'rollup'

const [entry, outdir] = process.argv.slice(2)
const bundle = await rollup({
  input: { main: entry },
  plugins: [nodeResolve({ browser: true })],
  onLog: (level, { code, id, ids = [id], message }) => {
    // zod has comments that look like annotations, and a circle of imports
    if (level === 'warn' && !ids.every((file) => file?.includes('/node_modules/zod/'))) {
      throw new Error(`${code}: ${message}`)
    }
  },
})
await bundle.write({ dir: outdir, format: 'es' })
