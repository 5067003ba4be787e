import webpack from 'webpack'

const [entry, outdir] = process.argv.slice(2)
const compiler = webpack({
  mode: 'production',
  entry: { main: entry },
  output: { path: outdir },
  performance: { hints: false },
  // Most of the time would go into minifying the offline Weavz, which no app ships
  optimization: { minimize: false },
})
compiler.run((error, stats) => {
  if (error) throw error
  if (stats.hasErrors() || stats.hasWarnings()) throw new Error(stats.toString())
  compiler.close(() => undefined)
})
