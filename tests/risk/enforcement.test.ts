import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import {
  enforcedExtent,
  enforcedShareOf,
  enforcedThroughout,
  isEnforced,
  shareChanges,
  teachesByItself,
} from '../../backend/risk/enforcement.ts'
import { type ActionPolicy, type Policy, policySchema } from '../../backend/risk/policy.ts'

/** For whom decisions are carried out. */

const share = fc.integer({ min: 0, max: 100 })
const lot = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const mode = fc.constantFrom('observe', 'enforce')

it('raising the share only adds people', () => {
  fc.assert(
    fc.property(share, share, lot, (one, other, drawn) => {
      const [less, more] = [Math.min(one, other), Math.max(one, other)]
      const at = (enforcement_share: number) =>
        isEnforced({ enforcement_share }, { mode: 'enforce', lot: drawn })
      return !at(less) || at(more)
    }),
  )
})

it('a share is that share of the lots', () => {
  fc.assert(
    fc.property(share, (enforcement_share) => {
      const lots = Array.from({ length: 1000 }, (_, i) => i / 1000)
      const enforced = lots.filter((drawn) =>
        isEnforced({ enforcement_share }, { mode: 'enforce', lot: drawn }),
      )
      return enforced.length === enforcement_share * 10
    }),
  )
})

it('an action that says so is enforced or observed whatever the environment says, for everybody', () => {
  fc.assert(
    fc.property(mode, mode, lot, (own, environment, drawn) => {
      return isEnforced({ enforcement: own }, { mode: environment, lot: drawn }) === (own === 'enforce')
    }),
  )
})

it('an action that says nothing goes with its environment', () => {
  expect(enforcedShareOf({}, 'observe')).toBe(0)
  expect(enforcedShareOf({}, 'enforce')).toBe(100)
  expect(isEnforced({ enforcement: 'observe' }, 'always')).toBe(true)
})

const withTransfer = (change: Partial<ActionPolicy>): Policy => {
  const { transfer } = defaultPolicy.actions
  if (transfer === undefined) throw new Error('the default policy knows no transfer')
  return { ...defaultPolicy, actions: { ...defaultPolicy.actions, transfer: { ...transfer, ...change } } }
}

describe('what a policy changes in it', () => {
  const { transfer: _, ...others } = defaultPolicy.actions
  const withoutTransfer: Policy = { ...defaultPolicy, actions: others }
  it.each([
    ['nothing', defaultPolicy, withTransfer({ floor: 'low' }), 'enforce', []],
    ['less', defaultPolicy, withTransfer({ enforcement_share: 25 }), 'enforce', [[100, 25]]],
    [
      'more',
      withTransfer({ enforcement_share: 25 }),
      withTransfer({ enforcement_share: 50 }),
      'enforce',
      [[25, 50]],
    ],
    [
      'nothing where nobody is enforced anyway',
      defaultPolicy,
      withTransfer({ enforcement_share: 25 }),
      'observe',
      [],
    ],
    [
      'more in an environment that observes',
      defaultPolicy,
      withTransfer({ enforcement: 'enforce' }),
      'observe',
      [[0, 100]],
    ],
    [
      'less by forgetting an action',
      withTransfer({ enforcement: 'enforce' }),
      withoutTransfer,
      'observe',
      [[100, 0]],
    ],
    [
      'less by naming an action',
      withoutTransfer,
      withTransfer({ enforcement: 'observe' }),
      'enforce',
      [[100, 0]],
    ],
  ] as const)('%s', (_name, before, after, environment, expected) => {
    const changes = shareChanges(before, after, environment)
    expect(changes.map(({ from, to }) => [from, to])).toEqual(expected)
    expect(changes.every(({ action }) => action === 'transfer')).toBe(true)
  })
})

it('a replay enforces everything, and changes nothing else', () => {
  expect(enforcedThroughout(withTransfer({ enforcement: 'observe' }))).toEqual(defaultPolicy)
  expect(enforcedThroughout(withTransfer({ enforcement_share: 5 }))).toEqual(defaultPolicy)
})

it.each([
  [defaultPolicy, 'enforce', 'all'],
  [defaultPolicy, 'observe', 'nothing'],
  [withTransfer({ enforcement: 'enforce' }), 'observe', 'part'],
  [withTransfer({ enforcement_share: 99 }), 'enforce', 'part'],
] as const)('taken together', (policy, environment, expected) => {
  expect(enforcedExtent(policy, environment)).toBe(expected)
})

it('an allow teaches by itself unless something else would have been decided', () => {
  const would = (outcome: 'allow' | 'delay_verify' | 'block_escalate') =>
    teachesByItself({ outcome, tier: 'none', steps: [] })
  expect([teachesByItself(null), would('allow'), would('delay_verify'), would('block_escalate')]).toEqual([
    true,
    true,
    false,
    false,
  ])
})

it('a policy takes a whole percentage, and none beside observe', () => {
  const isRight = (change: object) => policySchema.safeParse(withTransfer(change)).success
  expect([
    isRight({ enforcement: 'enforce', enforcement_share: 0 }),
    isRight({ enforcement_share: 100 }),
    isRight({ enforcement: 'observe' }),
    isRight({ enforcement: 'observe', enforcement_share: 50 }),
    isRight({ enforcement_share: 101 }),
    isRight({ enforcement_share: 2.5 }),
    isRight({ enforcement: 'off' }),
  ]).toEqual([true, true, true, false, false, false, false])
})
