import { describe, expect, it } from 'vitest'
import type { ApprovalRules } from '../../../src/contract/approval-policies.js'
import { rulesThatHold } from '../../../src/engine/approvals/rules.js'

const held = (rules: ApprovalRules, input: Record<string, unknown>, actionCategories: string[] = []) =>
  rulesThatHold(rules, { input, actionCategories }).map((reason) => reason.split(':')[0])

describe('Rules of approval policies', () => {
  it.each<[what: string, rules: ApprovalRules, risky: object, harmless: object]>([
    ['an amount', { amountThresholds: { amount: 1000 } }, { amount: 1000 }, { amount: 999.99 }],
    ['an amount as text', { amountThresholds: { amount: 10 } }, { amount: '10.00' }, { amount: '9.99' }],
    ['an amount that cannot be read', { amountThresholds: { amount: 10 } }, { amount: '1,000' }, {}],
    ['a key that the prototype has', { amountThresholds: { toString: 1 } }, { toString: 1 }, {}],
    ['a recipient', { recipientDenylist: ['ceo@acme.test'] }, { to: 'CEO@acme.test' }, { to: 'x@acme.test' }],
    ['one of several', { recipientDenylist: ['b@x.test'] }, { cc: ['a@x.test', 'b@x.test'] }, { cc: [] }],
    ['one in a list as text', { recipientDenylist: ['b@x.test'] }, { to: 'a@x.test, B <b@x.test>' }, {}],
    ['one in an object', { recipientDenylist: ['b@x.test'] }, { to: [{ address: 'b@x.test' }] }, {}],
    [
      'a stranger',
      { recipientAllowlist: ['a@x.test'] },
      { to: ['a@x.test', 'b@x.test'] },
      { to: 'a@x.test' },
    ],
    ['nobody', { recipientAllowlist: ['#general'] }, { channel: '#board' }, { text: 'nobody' }],
    [
      'a domain of e-mail',
      { domainDenylist: ['evil.test'] },
      { to: 'a@sub.evil.test' },
      { to: 'a@notevil.test' },
    ],
    [
      'a domain of a URL',
      { domainDenylist: ['evil.test'] },
      { body: { text: 'see https://EVIL.test./x' } },
      { body: 'evil.test' },
    ],
    [
      'a foreign domain',
      { domainAllowlist: ['acme.test'] },
      { url: 'http://acme.test.evil.test' },
      { url: 'http://www.acme.test' },
    ],
    ['a path', { storagePathPrefixes: ['private/'] }, { path: '/private/key' }, { path: 'privateer/key' }],
    ['a folder itself', { storagePathPrefixes: ['private/'] }, { path: 'private' }, { path: 'public' }],
    ['a beginning', { storagePathPrefixes: ['inv'] }, { path: 'invoices/1' }, { path: 'my/inv' }],
    [
      'a detour',
      { storagePathPrefixes: ['private'] },
      { path: 'public/../private/key' },
      { path: 'private/../public' },
    ],
    ['every path', { storagePathPrefixes: ['/'] }, { path: 'x' }, { text: 'x' }],
  ])('hold for %s', (_, rules, risky, harmless) => {
    expect(held(rules, { ...risky })).toEqual(Object.keys(rules))
    expect(held(rules, { ...harmless })).toEqual([])
  })

  it('know the category of an action in any case', () => {
    expect(held({ actionCategories: ['finance'] }, {}, ['FINANCE'])).toEqual(['actionCategories'])
    expect(held({ actionCategories: ['finance'] }, {}, ['COMMERCE'])).toEqual([])
  })

  it('that are empty never hold', () => {
    const empty: Required<ApprovalRules> = {
      ...{ actionCategories: [], amountThresholds: {}, recipientAllowlist: [], recipientDenylist: [] },
      ...{ domainAllowlist: [], domainDenylist: [], storagePathPrefixes: [] },
    }
    expect(held(empty, { to: 'a@x.test', amount: 9, path: '/x' }, ['FINANCE'])).toEqual([])
  })

  it('give reasons that quote nothing of the input', () => {
    const rules = {
      recipientAllowlist: ['a@x.test'],
      domainDenylist: ['x.test'],
      amountThresholds: { amount: 1 },
    }
    const input = { to: 'hush@x.test', amount: 4711, url: 'https://hush.x.test' }
    const reasons = rulesThatHold(rules, { input, actionCategories: [] }).join()
    expect(reasons).toMatch(/recipientAllowlist.*domainDenylist/)
    expect(reasons).not.toMatch(/hush|4711/)
  })
})
