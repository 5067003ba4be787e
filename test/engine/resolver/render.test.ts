import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  audit,
  describeWorld,
  diff,
  explain,
  render,
  renderFormats,
  type ResolutionRequest,
  type WorldDescription,
} from '@weavz/sdk/resolver'

const description: Required<WorldDescription> = {
  integrations: [{ name: 'slack' }],
  workspaces: [{ id: 'ws-1' }, { id: 'ws-2' }],
  workspaceIntegrations: [
    { id: 'wi-1', workspaceId: 'ws-1', integrationName: 'slack', connectionStrategy: 'per_user' },
    { id: 'wi-2', workspaceId: 'ws-2', integrationName: 'slack', connectionId: 'c-shared' },
  ],
  endUsers: [
    { id: 'eu-1', workspaceId: 'ws-1', externalId: 'ada' },
    { id: 'eu-2', workspaceId: 'ws-1', externalId: 'bob' },
    { id: 'eu-3', workspaceId: 'ws-1', externalId: null },
  ],
  connections: [
    { id: 'c-ada', integrationName: 'slack', externalId: 'ada_slack', workspaceId: 'ws-1', endUserId: 'ada' },
    { id: 'c-shared', integrationName: 'slack', externalId: 'shared' },
  ],
}
const world = describeWorld(description)
const forBob: ResolutionRequest = {
  kind: 'execute',
  workspaceId: 'ws-1',
  integrationName: 'slack',
  endUserId: 'bob',
}
const forAda = { ...forBob, endUserId: 'ada' }

describe('an explanation prints', () => {
  it('as one line', () => {
    expect(render(explain(world, forAda), 'line')).toBe('execute slack: resolved to c-ada via own')
    expect(render(explain(world, forBob), 'line')).toBe(
      'execute slack: denied 400 CONNECTION_REQUIRED (END_USER_NOT_CONNECTED): End user "bob" has not connected an ' +
        'account of "slack". Hint: Connect a slack account of end user "bob"',
    )
  })

  it('as text, as Markdown and as a Mermaid flowchart', () => {
    const explanation = explain(world, forBob)
    expect(render(explanation, 'text')).toMatchSnapshot()
    expect(render(explanation, 'markdown')).toMatchSnapshot()
    expect(render(explanation, 'mermaid')).toMatchSnapshot()
  })
})

describe('whatever names people choose', () => {
  const nasty = fc.string({
    unit: fc.constantFrom(
      '"',
      '|',
      '`',
      '\n',
      '\r',
      '\u2028',
      '\u001b[31m',
      '<b>',
      '&',
      '#',
      ';',
      ']',
      '}',
      '\\',
      '*',
      'é',
      'x',
      ' ',
    ),
    minLength: 1,
  })
  const explained = fc.tuple(nasty, nasty).map(([alias, endUserId]) => {
    const where = describeWorld({
      ...description,
      workspaceIntegrations: [
        { id: 'wi-1', workspaceId: 'ws-1', integrationName: 'slack', alias, connectionStrategy: 'per_user' },
      ],
    })
    return [
      explain(where, { ...forBob, endUserId }),
      audit(where),
      diff(explain(where, forAda), explain(where, { ...forBob, endUserId })),
    ] as const
  })

  it('no rendering lets a control character through, and one line stays one line', () => {
    fc.assert(
      fc.property(explained, fc.constantFrom(...renderFormats), (subjects, format) => {
        for (const subject of subjects) {
          const text = render(subject, format)
          expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/)
          // JSON may hold this one as it is: https://www.rfc-editor.org/rfc/rfc8259#section-7
          if (format !== 'json') expect(text).not.toContain('\u2028')
          if (format === 'line') expect(text).not.toContain('\n')
        }
      }),
    )
  })

  it('every row of a Markdown table has as many cells as its head', () => {
    fc.assert(
      fc.property(explained, (subjects) => {
        for (const subject of subjects) {
          let columns = 0
          for (const line of render(subject, 'markdown').split('\n')) {
            const cells = line.startsWith('|') ? line.replace(/\\./g, '').split('|').length : 0
            if (cells > 0 && columns > 0) expect(cells).toBe(columns)
            columns = cells
          }
        }
      }),
    )
  })

  it('a Mermaid label holds no character that Mermaid or HTML would read', () => {
    const statement =
      /^(flowchart TD| {2}n_\w+(\{\{"[^"`<>|{}[\]\\]*"\}\}|\["[^"`<>|{}[\]\\]*"\]|\(\["[^"`<>|{}[\]\\]*"\]\))(:::n_\w+)?| {2}n_\w+ -->(\|"[^"`<>|{}[\]\\]*"\|)? n_\w+| {2}classDef n_\w+ [\w:#,-]+)$/
    fc.assert(
      fc.property(explained, (subjects) => {
        for (const subject of subjects) {
          for (const line of render(subject, 'mermaid').trimEnd().split('\n')) expect(line).toMatch(statement)
        }
      }),
    )
  })
})

describe('audit', () => {
  it('gives every workspace integration for nobody and for each end user, in order', () => {
    const { rows } = audit(world)
    expect(
      rows.map(({ alias, cells }) => [
        alias,
        cells.map(({ endUserId, outcome }) => [endUserId, outcome.outcome]),
      ]),
    ).toEqual([
      [
        'slack',
        [
          [null, 'denied'],
          ['ada', 'resolved'],
          ['bob', 'denied'],
        ],
      ],
      ['slack', [[null, 'resolved']]],
    ])
  })

  it('can be limited to a workspace', () => {
    expect(
      audit(world, { workspaceId: 'ws-2' }).rows.map(({ workspaceIntegrationId }) => workspaceIntegrationId),
    ).toEqual(['wi-2'])
  })

  it('says in each cell what resolve says', () => {
    for (const { workspaceId, workspaceIntegrationId, integrationName, cells } of audit(world).rows) {
      for (const { endUserId, outcome } of cells) {
        const request = {
          kind: 'execute',
          workspaceId,
          workspaceIntegrationId,
          integrationName,
          endUserId,
        } as const
        expect(explain(world, request).outcome).toEqual(outcome)
      }
    }
  })

  it('prints as a matrix', () => {
    for (const format of renderFormats) expect(render(audit(world), format)).toMatchSnapshot()
  })
})

describe('diff', () => {
  const withAda = (more: object) =>
    describeWorld({
      ...description,
      connections: description.connections.map((each) => (each.id === 'c-ada' ? { ...each, ...more } : each)),
    })

  it('finds the field of the request that flipped the decision', () => {
    const difference = diff(explain(world, forBob), explain(world, forAda))
    expect(difference).toMatchObject({
      same: false,
      rung: 'end-user',
      flippedBy: { where: 'request', fact: 'endUserId', before: 'bob', after: 'ada' },
    })
    expect(render(difference, 'line')).toBe(
      'denied 400 CONNECTION_REQUIRED (END_USER_NOT_CONNECTED) became resolved to c-ada via own, because endUserId of ' +
        'the request went from bob to ada',
    )
  })

  it('finds the fact of the world that flipped the decision', () => {
    const difference = diff(explain(world, forAda), explain(withAda({ status: 'ERROR' }), forAda))
    expect(difference).toMatchObject({
      rung: 'end-user',
      flippedBy: { where: 'end-user', fact: 'status', before: 'ACTIVE', after: 'ERROR' },
    })
  })

  it('finds a selector that sends the decision another way', () => {
    const named = { ...forBob, connectionExternalId: 'shared' }
    expect(diff(explain(world, forBob), explain(world, named)).flippedBy).toEqual({
      where: 'request',
      fact: 'connectionExternalId',
      before: null,
      after: 'shared',
    })
  })

  it('blames nothing when the outcome is the same, and still lists what differs', () => {
    const other = { ...forAda, actionName: 'send' }
    const difference = diff(explain(world, forAda), explain(world, other))
    expect(difference).toMatchObject({ same: true, rung: null, flippedBy: null })
    expect(difference.changed).toEqual([
      { where: 'request', fact: 'actionName', before: null, after: 'send' },
    ])
    expect(render(difference, 'line')).toBe('the same outcome: resolved to c-ada via own')
  })
})
