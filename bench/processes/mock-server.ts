/** The offline Weavz on a port. Prints its address. */
import { listen } from '@weavz/sdk/mock/node'
import { mockWorld } from '../lib/mock-world.js'

const { url } = await listen(await mockWorld())
console.log(url)
