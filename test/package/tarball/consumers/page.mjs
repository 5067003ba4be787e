import { entries } from './entries.mjs'
import { tell } from './scenario.mjs'

globalThis.result = tell(entries)
