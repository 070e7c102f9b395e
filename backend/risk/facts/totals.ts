import * as z from 'zod/mini'
import { type Totals, totalsOf, totalsOfEach } from '../activity.ts'
import type { Activity } from '../activity-document.ts'
import { roughlyIn } from '../amount-levels.ts'
import { type FactsInput, factGroup } from './fact-group.ts'

/** Whose payments rules may sum up, beside the person's own. */
export const countedSubject = z.enum(['payee', 'device', 'network'])
export type CountedSubject = z.infer<typeof countedSubject>

/** What was read of the event's subjects: null if nothing is counted of it yet. A subject that no rule asks about is absent. */
export type ActivityRead = Partial<Record<CountedSubject, Activity | null>>

const three = z.tuple([z.number(), z.number(), z.number()])
const totals = z.strictObject({ sums: three, payments: three })

/**
 * Payments that went out, with this one, in 24 hours, 7 days and 30 days. Of the person: what was learned of them, the last
 * 32 payments of a currency at most. Of a payee, a device or a network: what was spent or completed since a rule reads it.
 */
export const totalFacts = factGroup(
  { totals: z._default(z.partialRecord(z.enum(['user', ...countedSubject.options]), totals), {}) },
  (input) => {
    const { event, activity = {}, policy, now } = input
    const { amount } = event
    if (amount === null) return { totals: {} }
    const counted = countedSubject.options.flatMap((subject) => {
      const read = activity[subject]
      const before = read === undefined ? null : totalsOf(read, amount.currency, policy.limits, now)
      return before === null ? [] : [[subject, withThis(before, input)] as const]
    })
    return { totals: { user: withThis(ofPerson(input), input), ...Object.fromEntries(counted) } }
  },
)

const ofPerson = ({ event: { amount }, profile, policy, now }: FactsInput): Totals =>
  totalsOfEach(
    profile.amounts.flatMap(({ currency, recent }) =>
      recent.map(({ at, value }) => ({
        at,
        value: amount === null ? value : roughlyIn(amount.currency, { value, currency }, policy.limits),
      })),
    ),
    now,
  )

/** A payment has an amount above zero and a payee. */
const withThis = ({ sums, payments }: Totals, { event }: FactsInput): Totals => {
  const value = event.amount?.value ?? 0
  const isPayment = value > 0 && event.keys.payee !== null
  return {
    sums: [sums[0] + value, sums[1] + value, sums[2] + value],
    payments: isPayment ? [payments[0] + 1, payments[1] + 1, payments[2] + 1] : payments,
  }
}
