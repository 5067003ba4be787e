/** The suite of an app that is given its client: `npm run example:testing-vitest`. */
import { weavzMatchers } from '@weavz/sdk/mock/matchers'
import { describe, expect, it } from 'vitest'
import { createTestWorld } from './weavz.js'

// A project with several suites does this in a setup file
expect.extend(weavzMatchers)

const ticket = { customer: 'Globex', subject: 'Checkout is slow', assignee: 'ava' }

describe.concurrent('A ticket', () => {
  it('is filed in the name of who takes it, and announced by the bot of the team', async () => {
    const { weavz, desk } = await createTestWorld()
    weavz.onAction('github', 'create_issue', ({ input }) => ({ number: 7, title: input['title'] }))

    expect(await desk.file(ticket)).toEqual({
      status: 'filed',
      issue: { number: 7, title: '[Globex] Checkout is slow' },
      announced: true,
    })
    expect(weavz).toHaveResolvedTo('ava_github')
    expect(weavz).toHaveExecuted('slack', 'send_channel_message', { text: 'Globex: Checkout is slow' })
    expect(weavz).toHaveResolvedTo('team_slack')
  })

  it('waits for a colleague who has to connect GitHub first', async () => {
    const { weavz, desk } = await createTestWorld()
    const asked = await desk.file({ ...ticket, assignee: 'ben' })
    if (asked.status !== 'connect-github-first') throw new Error('Ben has no account yet')
    expect(weavz).not.toHaveExecuted('github', 'create_issue')
    expect(weavz.openings.count).toBe(0)

    await weavz.user.approve(asked.token)
    expect(await desk.file({ ...ticket, assignee: 'ben' })).toMatchObject({ status: 'filed' })
  })

  it('gives a link that is good for four hours, and then another', async () => {
    const { weavz, desk } = await createTestWorld()
    const first = await desk.file({ ...ticket, assignee: 'ben' })
    if (first.status !== 'connect-github-first') throw new Error('Ben has no account yet')
    await weavz.clock.advance('4h')
    await expect(weavz.user.approve(first.token)).rejects.toThrow('expired')

    const second = await desk.file({ ...ticket, assignee: 'ben' })
    if (second.status !== 'connect-github-first') throw new Error('Ben has no account yet')
    await weavz.user.approve(second.token)
    expect(await desk.file({ ...ticket, assignee: 'ben' })).toMatchObject({ status: 'filed' })
  })

  it('is filed once, though Slack is down', async () => {
    const { weavz, desk } = await createTestWorld()
    let issues = 0
    weavz.onAction('github', 'create_issue', () => ({ number: ++issues }))
    weavz.onAction('slack', 'send_channel_message', () => {
      throw new Error('Slack is down')
    })
    expect(await desk.file(ticket)).toMatchObject({ status: 'filed', announced: false })
    expect(issues).toBe(1)
  })

  it('is not announced when GitHub refuses it', async () => {
    const { weavz, desk } = await createTestWorld()
    weavz.onAction('github', 'create_issue', () => {
      throw new Error('Repository was archived')
    })
    await expect(desk.file(ticket)).rejects.toMatchObject({ code: 'ACTION_FAILED' })
    expect(weavz).not.toHaveExecuted('slack', 'send_channel_message')
  })

  it('never uses the account of another colleague, and Weavz says why', async () => {
    const { weavz } = await createTestWorld()
    const explanation = weavz.explain({
      workspaceId: weavz.seeded.workspaces.acme,
      integrationName: 'github',
      endUserId: 'ben',
    })
    expect(explanation).not.toHaveResolvedTo('ava_github')
    expect(explanation.outcome).toMatchObject({ outcome: 'denied', reason: 'END_USER_NOT_CONNECTED' })
  })
})
