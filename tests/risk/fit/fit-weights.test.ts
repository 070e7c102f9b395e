import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type SignalCode, signalCode } from '../../../backend/contract/outcome.ts'
import { checkPolicy } from '../../../backend/policy/check.ts'
import { defaultPolicy } from '../../../backend/risk/default-policy.ts'
import { type FitRow, fitLimits, fitWeights } from '../../../backend/risk/fit/fit-weights.ts'
import type { Policy } from '../../../backend/risk/policy.ts'
import { chanceOf } from '../../population/chance.ts'

/** Weights fitted to events of which the truth is known. */

type Truth = Partial<Record<SignalCode, { fraud: number; honest: number }>>

/** Events of different people and payees, each signal raised with the chance that `truth` says. */
const drawn = (truth: Truth, frauds = 400, honest = 2_000, seed = 1): FitRow[] => {
  const chance = chanceOf(seed, 'fit')
  const codes = signalCode.options.filter((code) => truth[code] !== undefined)
  return Array.from({ length: frauds + honest }, (_, nth) => {
    const isFraud = nth < frauds
    const severities: FitRow['severities'] = {}
    for (const code of codes)
      if (chance.happens(truth[code]?.[isFraud ? 'fraud' : 'honest'] ?? 0)) severities[code] = 1
    return { person: `u${nth}`, payee: `p${nth}`, severities, isFraud }
  })
}

const weighing = (weights: Partial<Record<SignalCode, number>>): Policy => ({
  ...defaultPolicy,
  weights: { ...defaultPolicy.weights, ...weights },
})

const fittedTo = (rows: readonly FitRow[], policy: Policy, code: SignalCode): number =>
  fitWeights(rows, policy).changes.find(({ signal }) => signal === code)?.after ?? policy.weights[code]

/** Three signals that say much, something and nothing. */
const threeKinds: Truth = {
  CALL_ACTIVE: { fraud: 0.7, honest: 0.02 },
  BENEFICIARY_NEW: { fraud: 0.8, honest: 0.4 },
  TIME_UNUSUAL: { fraud: 0.2, honest: 0.2 },
}
const level = weighing({ CALL_ACTIVE: 20, BENEFICIARY_NEW: 20, TIME_UNUSUAL: 12 })

describe('weights from outcomes', () => {
  it('find the order of what signals say', () => {
    const rows = drawn(threeKinds)
    const [call, payee, time] = (['CALL_ACTIVE', 'BENEFICIARY_NEW', 'TIME_UNUSUAL'] as const).map((code) =>
      fittedTo(rows, level, code),
    )
    expect(call).toBeGreaterThan(payee ?? 0)
    expect(payee).toBeGreaterThan(time ?? 0)
    expect(call).toBeGreaterThan(20)
    expect(time).toBeLessThan(12)
  })

  it('say why: who showed it, and how often honest people do', () => {
    const rows = drawn(threeKinds)
    const call = fitWeights(rows, level).changes.find(({ signal }) => signal === 'CALL_ACTIVE')
    const showing = rows.filter(({ isFraud, severities }) => isFraud && severities.CALL_ACTIVE !== undefined)
    expect(call).toMatchObject({ before: 20, frauds: showing.length })
    expect(call?.fraud_share).toBeCloseTo(showing.length / 400, 9)
    expect(call?.honest_share).toBeLessThan(0.05)
  })

  it('are the same whatever the order of the events', () => {
    const rows = drawn(threeKinds)
    expect(fitWeights(rows.toReversed(), level).changes.map(({ signal, after: to }) => [signal, to])).toEqual(
      fitWeights(rows, level).changes.map(({ signal, after: to }) => [signal, to]),
    )
  })

  it('come to rest: fitted again and again to the same events they stay where they came', () => {
    const rows = drawn(threeKinds)
    let policy = level
    for (let round = 0; round < 12; round += 1)
      policy = weighing({
        ...policy.weights,
        ...Object.fromEntries(fitWeights(rows, policy).changes.map(({ signal, after: to }) => [signal, to])),
      })
    const { changes } = fitWeights(rows, policy)
    for (const { before, after: to } of changes) expect(Math.abs(to - before)).toBeLessThanOrEqual(1)
  })

  it('where a signal tells frauds without fault, its weight rises by ten and no further', () => {
    const rows = drawn({ PAYEE_NAME_MISMATCH: { fraud: 1, honest: 0 } })
    const policy = weighing({ PAYEE_NAME_MISMATCH: 10 })
    expect(fittedTo(rows, policy, 'PAYEE_NAME_MISMATCH')).toBe(20)
  })

  it('where a signal speaks for honest people, its weight falls, and never below nothing', () => {
    const rows = drawn({ TIME_UNUSUAL: { fraud: 0.1, honest: 0.9 }, CALL_ACTIVE: { fraud: 0.8, honest: 0 } })
    expect(fittedTo(rows, weighing({ TIME_UNUSUAL: 4 }), 'TIME_UNUSUAL')).toBe(0)
  })

  it('a weight stays within what its caps let count', () => {
    const rows = drawn({ PASTED_PAYEE: { fraud: 0.9, honest: 0.01 } })
    expect(fittedTo(rows, weighing({ PASTED_PAYEE: 2 }), 'PASTED_PAYEE')).toBe(defaultPolicy.client_cap)
  })

  it('what an action is by itself is not fitted', () => {
    const rows = drawn({ ACTION_SENSITIVE: { fraud: 1, honest: 0 } })
    expect(fitWeights(rows, level).changes).toEqual([])
  })

  it.each([
    [fitLimits.fraudsOfSignal - 1, 'stays'],
    [fitLimits.fraudsOfSignal, 'moves'],
  ])('a signal that %d robbed people showed %s', (count, what) => {
    const rows = drawn({ CALL_ACTIVE: { fraud: 0.3, honest: 0.2 } }, 100).map(
      (row, nth): FitRow =>
        nth < count ? { ...row, severities: { ...row.severities, SCREEN_SHARED: 1 } } : row,
    )
    expect(fittedTo(rows, weighing({ SCREEN_SHARED: 10 }), 'SCREEN_SHARED') > 10).toBe(what === 'moves')
  })
})

describe('who counts how often', () => {
  const rows = drawn(threeKinds)
  const robbed = rows.filter(({ isFraud }) => isFraud)
  const honest = rows.filter(({ isFraud }) => !isFraud)

  it('one person with a hundred frauds is one', () => {
    const one = robbed.map((row) => ({ ...row, person: 'u' }))
    expect(fitWeights([...one, ...honest], level)).toMatchObject({
      frauds: 1,
      missing: { frauds: 99, honest: 0 },
    })
  })

  it('one mule with a hundred victims is one', () => {
    const one = robbed.map((row) => ({ ...row, payee: 'p' }))
    expect(fitWeights([...one, ...honest], level)).toMatchObject({ frauds: 1, missing: { frauds: 99 } })
  })

  it('a mule with two hundred victims moves a weight no more than one with one', () => {
    const toMule = (count: number) =>
      Array.from(
        { length: count },
        (_, nth): FitRow => ({
          person: `v${nth}`,
          payee: 'mule',
          severities: { NETWORK_ANONYMIZER: 1 },
          isFraud: true,
        }),
      )
    const some = robbed.map((row, nth) =>
      nth < 25 ? { ...row, severities: { ...row.severities, NETWORK_ANONYMIZER: 1 } } : row,
    )
    const at = (count: number) =>
      fittedTo([...some, ...honest, ...toMule(count)], level, 'NETWORK_ANONYMIZER')
    expect(at(200)).toBe(at(1))
  })

  it.each([
    ['frauds alone', robbed, { frauds: 0, honest: 100 }],
    ['honest events alone', honest, { frauds: 100, honest: 0 }],
    ['nothing', [], { frauds: 100, honest: 100 }],
    ['99 frauds', [...robbed.slice(0, 99), ...honest], { frauds: 1, honest: 0 }],
  ])('%s: nothing changes, and it says how many are missing', (_what, of, missing) => {
    expect(fitWeights(of, level)).toMatchObject({ missing, changes: [] })
  })
})

it('whatever the events say: at most ten points, whole, never below nothing, and a policy that may be published', () => {
  const shares = fc.record({
    fraud: fc.double({ min: 0, max: 1, noNaN: true }),
    honest: fc.double({ min: 0, max: 1, noNaN: true }),
  })
  const truths = fc.array(fc.tuple(fc.constantFrom(...signalCode.options), shares), { maxLength: 8 })
  fc.assert(
    fc.property(truths, fc.integer({ min: 1, max: 1_000 }), (truth, seed) => {
      const { changes } = fitWeights(drawn(Object.fromEntries(truth), 120, 150, seed), defaultPolicy)
      for (const { before, after: to } of changes) {
        expect(Number.isInteger(to)).toBe(true)
        expect(to).toBeGreaterThanOrEqual(0)
        expect(Math.abs(to - before)).toBeLessThanOrEqual(fitLimits.points)
      }
      const weights = {
        ...defaultPolicy.weights,
        ...Object.fromEntries(changes.map(({ signal, after: to }) => [signal, to])),
      }
      expect(checkPolicy({ ...defaultPolicy, weights })).toMatchObject({ ok: true })
    }),
    { numRuns: 25 },
  )
})
