import { openApiDocument } from '../openapi/index.js'
import { clockState, moveClock } from './clock.js'
import { explainOverHttp } from './explain.js'
import { addFault, listFaults, removeFault } from './faults.js'
import { readJournal } from './journal.js'
import { quotaUsage, setQuotas } from './quotas.js'
import type { ControlRoute } from './route.js'
import { restoreSnapshot } from './snapshot.js'
import { showState } from './state.js'

const done = { ok: true } as const

/** All of them: the server, the 404 that names the nearest and the documentation go by this table. */
export const controlRoutes: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/_weavz/health',
    summary: 'Answers once the seed is in place',
    handle: () => done,
  },
  {
    method: 'GET',
    path: '/_weavz/state',
    summary: 'What is there: counts, and the resources page by page',
    handle: showState,
  },
  {
    method: 'POST',
    path: '/_weavz/reset',
    summary: 'Back to the state after seeding',
    handle({ weavz }) {
      weavz.reset()
      return done
    },
  },
  {
    method: 'GET',
    path: '/_weavz/snapshot',
    summary: 'The whole state, credentials sealed',
    handle: ({ weavz }) =>
      new Response(weavz.snapshot(), { headers: { 'content-type': 'application/json' } }),
  },
  {
    method: 'PUT',
    path: '/_weavz/snapshot',
    summary: 'Goes on from a snapshot',
    async handle(call) {
      await restoreSnapshot(call)
      return done
    },
  },
  {
    method: 'GET',
    path: '/_weavz/clock',
    summary: 'The time, and whether it stands',
    handle: clockState,
  },
  {
    method: 'POST',
    path: '/_weavz/clock',
    summary: 'Freezes, resumes, sets or advances the clock',
    handle: moveClock,
  },
  {
    method: 'GET',
    path: '/_weavz/quotas',
    summary: 'What the plan limits, and how much of it is used',
    handle: quotaUsage,
  },
  {
    method: 'POST',
    path: '/_weavz/quotas',
    summary: 'Sets limits of the plan',
    handle: setQuotas,
  },
  {
    method: 'GET',
    path: '/_weavz/faults',
    summary: 'The faults that are armed',
    handle: listFaults,
  },
  {
    method: 'POST',
    path: '/_weavz/faults',
    summary: 'Arms a fault',
    status: 201,
    handle: addFault,
  },
  {
    method: 'DELETE',
    path: '/_weavz/faults',
    summary: 'Takes all faults back',
    handle({ weavz }) {
      weavz.faults.clear()
      return done
    },
  },
  {
    method: 'DELETE',
    path: '/_weavz/faults/{id}',
    summary: 'Takes one fault back',
    handle(call) {
      removeFault(call)
      return done
    },
  },
  {
    method: 'GET',
    path: '/_weavz/journal',
    summary: 'The exchanges, oldest first',
    handle: readJournal,
  },
  {
    method: 'DELETE',
    path: '/_weavz/journal',
    summary: 'Forgets the exchanges',
    handle({ weavz }) {
      weavz.journal.clear()
      return done
    },
  },
  {
    method: 'POST',
    path: '/_weavz/explain',
    summary: 'Why a request resolves as it does',
    handle: explainOverHttp,
  },
  {
    method: 'GET',
    path: '/_weavz/openapi.json',
    summary: 'The API in OpenAPI 3.1, with this server as the one to call',
    handle: ({ baseUrl }) => openApiDocument(baseUrl),
  },
]
