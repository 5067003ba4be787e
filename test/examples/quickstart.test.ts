import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { accounts } from '../../examples/quickstart/slack.js'

const root = fileURLToPath(new URL('../../', import.meta.url))
const program = 'examples/quickstart.ts'

/** Runs it as `npm run quickstart` does. A program that fails rejects. */
async function play(): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program], {
    cwd: root,
    // Neither an account nor a way out: what is not in this process cannot be reached
    env: { ...process.env, WEAVZ_API_KEY: '', WEAVZ_BASE_URL: 'http://127.0.0.1:9', NO_COLOR: '1' },
  })
  expect(stderr).toBe('')
  return stdout
}

/** The facts shown below one heading, as a text with single spaces. */
function shown(story: string, heading: string, nth = 0): string {
  const blocks = story.split('\n\n').filter((block) => block.trimStart().startsWith(heading))
  return (blocks[nth] ?? '').replace(/\s+/g, ' ').trim()
}

describe('The quickstart', () => {
  let story: string
  beforeAll(async () => {
    story = await play()
  })

  it('is told in six numbered chapters', () => {
    expect(story.match(/^\d\. .+(?=\n=+$)/gm)).toEqual([
      '1. A workspace and an end user',
      '2. Ava connects her Slack account',
      '3. Connections that you create yourself',
      '4. One action, three strategies',
      '5. Built-ins need no connection',
      '6. Ava leaves',
    ])
  })

  it('waits for a connect session until it is completed', () => {
    expect(shown(story, 'Hosted connect')).toMatch(/status COMPLETED connectionId [0-9a-f-]{36}$/)
  })

  it('lists, filters and resolves the connections', () => {
    expect(shown(story, 'my_openai')).toContain('type SECRET_TEXT scope ORGANIZATION owner shared')
    expect(shown(story, 'my_airtable')).toContain('type CUSTOM_AUTH scope ORGANIZATION owner shared')
    expect(shown(story, 'conn_customer_789_slack')).toContain('type PLATFORM_OAUTH2 scope WORKSPACE')
    expect(shown(story, 'ava_slack')).toContain('scope USER owner user_123')
    expect(shown(story, 'Finding them again')).toContain('2 connections')
    expect(shown(story, 'Finding them again')).toContain('(the same connection)')
  })

  const slack = (alias: string, endUserId: string) =>
    `send_channel_message through ${alias}, endUserId: ${endUserId}`

  it.each([
    ['slack_bot', 'none', 'conn_customer_789_slack', 'slack_bot is fixed', accounts.bot.name],
    ['slack_user', 'user_123', 'ava_slack', 'slack_user is per_user:', accounts.ava.name],
    ['slack_any', 'user_123', 'ava_slack', 'their own connection goes first', accounts.ava.name],
    ['slack_any', 'user_456', 'conn_customer_789_slack', 'the pinned connection steps in', accounts.bot.name],
  ])('shows that %s called for %s runs on %s, and why', (alias, endUserId, connection, why, postedBy) => {
    const block = shown(story, slack(alias, endUserId))
    expect(block).toContain(`connection ${connection} why`)
    expect(block).toContain(why)
    expect(block).toMatch(new RegExp(`posted by ${postedBy}$`))
  })

  it('shows each refusal with its reason and its hint', () => {
    expect(shown(story, slack('slack_user', 'user_456'))).toMatch(
      /ConnectionRequiredError CONNECTION_REQUIRED reason END_USER_NOT_CONNECTED hint .*user_456/,
    )
    expect(shown(story, slack('slack_user', 'none'))).toMatch(/reason END_USER_REQUIRED hint .+/)
    const mistaken = story.match(/endUserId: ([0-9a-f-]{36})$/m)?.[1]
    expect(shown(story, slack('slack_user', String(mistaken)))).toMatch(
      /reason END_USER_NOT_FOUND hint .* the Weavz UUID .* endUserId: "user_123"$/,
    )
  })

  it('hashes like every other SHA-256', () => {
    // FIPS 180-2, appendix B.1
    expect(story).toContain('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
  })

  it('keeps state apart by end user, and together by workspace', () => {
    expect(shown(story, 'notes')).toMatch(/Ava reads .*"teal","found":true.* Ben reads .*null,"found":false/)
    expect(shown(story, 'team_notes')).toMatch(/Ava reads .*"teal".* Ben reads .*"teal","found":true/)
  })

  it('ends with the connections of the end user gone', () => {
    expect(shown(story, 'endUsers.delete(')).toMatch(
      /connections deleted 1 connections left my_openai, my_airtable, conn_customer_789_slack$/,
    )
    expect(shown(story, slack('slack_user', 'user_123'), 1)).toContain('reason END_USER_NOT_FOUND')
  })

  it('opens access tokens for messages that are sent, and for nothing else', () => {
    const sent = story.match(/^ +posted by /gm)?.length
    expect(story.replace(/\s+/g, ' ')).toContain(`Access tokens were opened ${sent} times`)
  })

  it('prints no credential, key or token', () => {
    const given = readFileSync(`${root}${program}`, 'utf8').match(/(?:sk|pat)-quickstart-\d+/g) ?? []
    expect(given).toHaveLength(2)
    const tokens = Object.values(accounts).map(({ accessToken }) => accessToken)
    for (const secret of [...given, ...tokens]) expect(story.includes(secret)).toBe(false)
    expect(story).not.toMatch(/\b(?:wvz|cst|eut)_\w/)
  })

  it('tells the same story every time', async () => {
    expect(await play()).toBe(story)
  })
})
