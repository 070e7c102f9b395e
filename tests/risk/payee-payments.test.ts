import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { payerOf } from '../../backend/repositories/identity.ts'
import {
  exactPayers,
  maxDays,
  maxTriers,
  type Payee,
  payeeDocument,
} from '../../backend/risk/payee-document.ts'
import { learnAttempts, learnPayments, type Payment } from '../../backend/risk/payee-payments.ts'
import { emptyPayee } from '../../backend/risk/payee-reports.ts'
import { type PayeeReputation, reputationOf, unknownPayee } from '../../backend/risk/payee-reputation.ts'
import { dayMs, now } from './events.ts'

/** Who pays a payee: what is learned of payments and of attempts, and how little it takes to remember many. */

const nobody = emptyPayee('pye_1', 'org_1')
const me = payerOf('pye_1', 'me')

const paid = (user: string | number, daysAgo = 0): Payment => ({
  payer: user === 'me' ? me : payerOf('pye_1', String(user)),
  at: now - daysAgo * dayMs,
})
const people = (many: number, daysAgo = 0): Payment[] =>
  Array.from({ length: many }, (_, i) => paid(i, daysAgo))
const payments = (...told: Payment[]): Payee => learnPayments(nobody, told, now)
const attempts = (...told: Payment[]): Payee => learnAttempts(nobody, told, now)

const rows: [string, Payee | null, Partial<PayeeReputation>][] = [
  ['nobody ever', null, unknownPayee],
  ['nobody, but they were reported', nobody, unknownPayee],
  [
    'one other person today',
    payments(paid('a')),
    { first_paid_at: now, days_seen: 1, other_payers: 1, other_users_week: 1, paid_by_user: false },
  ],
  [
    'oneself: nobody else',
    payments(paid('me', 40), paid('me')),
    {
      days_seen: 2,
      other_payers: 0,
      long_standing_payers: 0,
      other_users_week: 0,
      paid_by_user: true,
    },
  ],
  [
    'eight people who tried: no age, no payers',
    attempts(...people(8)),
    { ...unknownPayee, other_users_week: 8 },
  ],
  ['tries of seven days ago', attempts(...people(3, 7)), { other_users_week: 3 }],
  ['tries of eight days ago', attempts(...people(3, 8)), { other_users_week: 0 }],
  [
    'the history of a year',
    payments(...people(12, 365)),
    {
      first_paid_at: now - 365 * dayMs,
      other_payers: 12,
      long_standing_payers: 12,
      other_users_week: 0,
    },
  ],
  ['29 days since the first payment', payments(paid('a', 29), paid('a')), { long_standing_payers: 0 }],
  ['30 days since the only payment', payments(paid('a', 30)), { long_standing_payers: 1 }],
  [
    'one payment of two people, 30 days apart',
    payments(paid('a', 30), paid('b')),
    { long_standing_payers: 1 },
  ],
  ['64 payers: exact', payments(...people(64)), { other_payers: 64, paid_by_user: false }],
  ['more tries in a week than are counted', attempts(...people(500)), { other_users_week: maxTriers }],
  [
    'a daily payment of a year',
    payments(...Array.from({ length: 365 }, (_, i) => paid('a', i))),
    {
      days_seen: maxDays,
      other_payers: 1,
      first_paid_at: now - 364 * dayMs,
    },
  ],
]

describe('who pays a payee', () => {
  test.each(rows)('%s', (_story, memory, expected) => {
    expect(reputationOf(memory, me, now)).toMatchObject(expected)
    if (memory !== null) expect(payeeDocument.parse(memory)).toEqual(memory)
  })

  test('attempts, however many and however long, never make a payee old or give them payers', () => {
    fc.assert(
      fc.property(fc.array(aPayment, { maxLength: 200 }), (tried) => {
        const { first_paid_at, days_seen, other_payers, long_standing_payers } = reputationOf(
          attempts(...tried),
          me,
          now,
        )
        expect([first_paid_at, days_seen, other_payers, long_standing_payers]).toEqual([null, 0, 0, 0])
      }),
    )
  })

  test('what is told again changes nothing, and answers the very same document', () => {
    const memory = learnAttempts(payments(...people(200, 3)), people(200), now)
    expect(learnPayments(memory, people(200, 3), now)).toBe(memory)
    expect(learnAttempts(memory, people(200), now)).toBe(memory)
    expect(learnPayments(memory, [], now)).toBe(memory)
  })
})

/** More people and days than are kept. */
const aPayment: fc.Arbitrary<Payment> = fc
  .tuple(fc.nat(150), fc.nat(120))
  .map(([user, days]) => paid(user, days))
type Told = { kind: 'paid' | 'tried'; payment: Payment }
const someTold: fc.Arbitrary<Told[]> = fc.array(
  fc.record({ kind: fc.constantFrom('paid', 'tried'), payment: aPayment }),
  { maxLength: 250, size: 'max' },
)

const learn = (memory: Payee, { kind, payment }: Told): Payee =>
  kind === 'paid' ? learnPayments(memory, [payment], now) : learnAttempts(memory, [payment], now)

describe('a memory of payers', () => {
  test('is the same in any order, told twice, and in parcels of any size', () => {
    const orders = someTold.chain((told) =>
      fc.tuple(fc.constant(told), fc.shuffledSubarray(told, { minLength: told.length }), fc.nat(told.length)),
    )
    fc.assert(
      fc.property(orders, ([told, shuffled, cut]) => {
        const one = told.reduce(learn, nobody)
        expect([...shuffled, ...told.slice(0, cut)].reduce(learn, nobody)).toEqual(one)
        const only = (kind: Told['kind']) =>
          shuffled.filter((some) => some.kind === kind).map(({ payment }) => payment)
        const parcels = learnPayments(
          learnPayments(nobody, only('paid').slice(0, cut), now),
          only('paid').slice(cut),
          now,
        )
        expect(learnAttempts(parcels, only('tried'), now)).toEqual(one)
      }),
    )
  })

  test.each([65, 100, 1_000, 20_000])('counts %d payers within three standard errors', (many) => {
    const half = Array.from({ length: many }, (_, i) => [paid(i, i % 2 === 0 ? 40 : 20)]).flat()
    const { other_payers, long_standing_payers, paid_by_user } = reputationOf(payments(...half), me, now)
    expect(Math.abs(other_payers / many - 1)).toBeLessThan(3 * 0.126)
    expect(Math.abs(long_standing_payers / other_payers - 0.5)).toBeLessThan(
      3 * Math.sqrt(0.25 / exactPayers),
    )
    expect(paid_by_user).toBeNull()
  })

  test('has a standard error of 13 %: over 200 payees of 1,000 payers, and without a bias', () => {
    const errors = Array.from({ length: 200 }, (_, payee) => {
      const told = Array.from({ length: 1000 }, (_user, i) => ({
        payer: payerOf(`pye_${payee}`, String(i)),
        at: now,
      }))
      return reputationOf(learnPayments(nobody, told, now), me, now).other_payers / 1000 - 1
    })
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length
    const deviation = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length)
    expect(Math.abs(mean)).toBeLessThan(0.03)
    expect(deviation).toBeLessThan(0.15)
  })

  test('is rarely written for a payee of many: 10,000 new payers change it some 400 times, known ones never', () => {
    let memory = nobody
    let writes = 0
    for (const payment of people(10_000)) {
      const next = learnPayments(memory, [payment], now)
      if (next !== memory) writes += 1
      memory = next
    }
    expect(writes).toBeLessThan(500)
    expect(people(10_000).every((payment) => learnPayments(memory, [payment], now) === memory)).toBe(true)
  })

  test('stays below 8 kB, however many people pay', () => {
    const year = Array.from({ length: 365 }, (_, i) => people(100, i)).flat()
    const memory = learnAttempts(payments(...year), people(1000), now)
    expect(memory.payers).toHaveLength(exactPayers + 1)
    expect(JSON.stringify(memory).length).toBeLessThan(8_000)
  })

  test('is kept while anybody pays, though it learns nothing, and an attempt keeps it for a week alone', () => {
    expect(attempts(paid('a')).purge_at).toBe(now + 8 * dayMs)
    const memory = payments(...people(300))
    expect(memory.purge_at).toBe(now + 400 * dayMs)
    const later = now + 300 * dayMs
    // A payer whom neither the sample nor the full list of days takes in.
    const full = { ...memory, days: Array.from({ length: maxDays }, (_, i) => i) }
    const stranger = people(300).find(({ payer }) => memory.payers.every(({ key }) => key !== payer))
    if (stranger === undefined) throw new Error('the sample has everybody')
    expect(learnPayments(full, [{ ...stranger, at: later }], later).purge_at).toBe(later + 400 * dayMs)
  })
})
