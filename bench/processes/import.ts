/** Imports a module from cold: `node import.js [NAME]`. Prints milliseconds and the peak of its memory, in bytes. */
const [name] = process.argv.slice(2)
const begin = performance.now()
if (name !== undefined) await import(name)
const time = performance.now() - begin
console.log(JSON.stringify({ time, peak: process.resourceUsage().maxRSS * 1024 }))
process.exit()

export {}
