import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { claimPayment, markOver, type Profile, standsAlone, sumBeside } from '../../backend/risk/profile.ts'
import { begin, nobody, now, payment } from './events.ts'

/** However tries of payments to unknown payees are begun, spent, stopped and failed: what goes out was judged as one sum. */

const { limits } = defaultPolicy
/** Payments below this stand for themselves, until they come to five of it together. */
const small = 20_000
const together = 5 * small

type Try = { id: string; value: number; judged: number; state: 'open' | 'sent' | 'over' }

const totalOf = (tries: readonly Try[]): number => tries.reduce((sum, { value }) => sum + value, 0)

const dayOf = (...values: number[]) => {
  const begins = fc.record({
    kind: fc.constant('begin' as const),
    value: fc.constantFrom(...values),
    payee: fc.constantFrom('a', 'b', 'c'),
  })
  const happens = fc.record({
    kind: fc.constantFrom<('spend' | 'end')[]>('spend', 'spend', 'end'),
    nth: fc.nat(39),
  })
  return fc.array(fc.oneof(begins, happens), { minLength: 5, maxLength: 40, size: 'max' })
}
const days = fc.oneof(dayOf(15_000), dayOf(15_000, 30_000, 50_000))

test('of everything that went out and does not stand for itself, one payment was judged by all of it', () => {
  fc.assert(
    fc.property(days, (day) => {
      let profile: Profile = nobody
      const tries: Try[] = []
      for (const step of day) {
        if (step.kind === 'begin') {
          const { value, payee } = step
          const id = `evt_${tries.length}`
          const asked = { id, payee, value, currency: 'USD' }
          const beside = sumBeside(profile, asked, { currency: 'USD', limits, now })
          const isAlone = standsAlone({ value, currency: 'USD' }, beside.small, limits)
          profile = begin(profile, payment(value, payee), id)
          tries.push({ id, value, judged: isAlone ? value : beside.sum + value, state: 'open' })
          continue
        }
        const tried = tries[step.nth % tries.length]
        if (tried === undefined || tried.state === 'over') continue
        const claimed = step.kind === 'spend' ? claimPayment(profile, tried.id, { limits, now }) : null
        tried.state = claimed?.ok === true ? 'sent' : 'over'
        profile = claimed?.ok === true ? claimed.profile : markOver(profile, tried.id)
      }
      const sent = tries.filter(({ state }) => state === 'sent')
      const all = totalOf(sent)
      const large = totalOf(sent.filter(({ value }) => value >= small))
      const one = all - large < together ? large : all
      expect(Math.max(0, ...sent.map(({ judged }) => judged))).toBeGreaterThanOrEqual(one)
    }),
    { numRuns: 2_000 },
  )
})
