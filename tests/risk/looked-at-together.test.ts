import fc from 'fast-check'
import { expect, test } from 'vitest'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { claimPayment, markOver, type Profile, sumBeside } from '../../backend/risk/profile.ts'
import { begin, nobody, now, payment } from './events.ts'

/** However tries of payments to unknown payees are begun, spent, stopped and failed: what goes out was judged as one sum. */

const { limits } = defaultPolicy
/** Below five small levels, payments stand for themselves. */
const together = 100_000

type Try = { id: string; value: number; judged: number; state: 'open' | 'sent' | 'over' }

const begins = fc.record({
  kind: fc.constant('begin' as const),
  value: fc.constantFrom(15_000, 30_000, 50_000),
  payee: fc.constantFrom('a', 'b', 'c'),
})
const happens = fc.record({ kind: fc.constantFrom('spend' as const, 'end' as const), nth: fc.nat(39) })
const days = fc.array(fc.oneof({ weight: 3, arbitrary: begins }, { weight: 4, arbitrary: happens }), {
  minLength: 5,
  maxLength: 40,
  size: 'max',
})

test('of everything that went out, one payment was judged by all of it', () => {
  fc.assert(
    fc.property(days, (day) => {
      let profile: Profile = nobody
      const tries: Try[] = []
      for (const step of day) {
        if (step.kind === 'begin') {
          const { value, payee } = step
          const id = `evt_${tries.length}`
          const asked = { id, payee, value, currency: 'USD' }
          const { sum } = sumBeside(profile, asked, { currency: 'USD', limits, now })
          profile = begin(profile, payment(value, payee), id)
          tries.push({ id, value, judged: sum + value, state: 'open' })
          continue
        }
        const tried = tries[step.nth]
        if (tried === undefined || tried.state === 'over') continue
        const claimed = step.kind === 'spend' ? claimPayment(profile, tried.id, { limits, now }) : null
        tried.state = claimed?.ok === true ? 'sent' : 'over'
        profile = claimed?.ok === true ? claimed.profile : markOver(profile, tried.id)
      }
      const sent = tries.filter(({ state }) => state === 'sent')
      const total = sent.reduce((sum, { value }) => sum + value, 0)
      if (total >= together)
        expect(Math.max(...sent.map(({ judged }) => judged))).toBeGreaterThanOrEqual(total)
    }),
    { numRuns: 2_000 },
  )
})
