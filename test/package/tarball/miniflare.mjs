/** Asks the worker of the file `WORKER` once, in workerd, and prints what it answers. */
import { Miniflare } from 'miniflare'

const { WORKER: scriptPath, URL: url, API_KEY: apiKey } = process.env
const miniflare = new Miniflare({
  modules: true,
  scriptPath,
  compatibilityDate: '2026-07-30',
  bindings: { url, apiKey },
})
try {
  const answer = await miniflare.dispatchFetch('http://worker.example/')
  const text = await answer.text()
  if (!answer.ok) throw new Error(`The worker answered HTTP ${answer.status}: ${text}`)
  console.log(text)
} finally {
  await miniflare.dispose()
}
