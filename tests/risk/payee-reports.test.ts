import { describe, expect, test } from 'vitest'
import {
  maxDispositions,
  maxReports,
  type Payee,
  type PayeeDisposition,
  payeeDocument,
} from '../../backend/risk/payee-document.ts'
import { learnPayments } from '../../backend/risk/payee-payments.ts'
import {
  addDisposition,
  addReport,
  confirmByResult,
  countsReportOf,
  emptyPayee,
  pointsOfReputation,
  reportReputation,
  takeBackResult,
} from '../../backend/risk/payee-reports.ts'
import { dayMs, hourMs, now } from './events.ts'

/** What is remembered of one payee, and how little false reports can do to them. */

const nobody = emptyPayee('pye_1', 'org_1')

type Told = { by: string; hoursAgo?: number; account_days?: number | null; session?: string }
const report = ({ by, hoursAgo = 0, account_days = 400, session = `ses_${by}_${hoursAgo}` }: Told) => ({
  session_id: session,
  reporter: by,
  account_days,
  at: now - hoursAgo * hourMs,
})
const told = (...reports: Told[]): Payee =>
  reports.reduce((memory, one) => addReport(memory, report(one)), nobody)

const disposition = (
  word: PayeeDisposition['word'],
  revision = 1,
  change: Partial<PayeeDisposition> = {},
): PayeeDisposition => ({
  incident_id: 'inc_1',
  word,
  how: 'analyst',
  by: 'adm_1',
  at: now,
  revision,
  ...change,
})

const points = (memory: Payee, at = now): number => pointsOfReputation(reportReputation(memory, at), 40)

const farms = (many: number, account_days: number | null): Told[] =>
  Array.from({ length: many }, (_, i) => ({ by: `bot_${i}`, account_days }))

/** What was told, and how many points it makes now. */
const counted: [string, Payee, number][] = [
  ['nothing', nobody, 0],
  ['one person', told({ by: 'a' }), 10],
  ['two people', told({ by: 'a' }, { by: 'b' }), 20],
  ['three people: the cap', told({ by: 'a' }, { by: 'b' }, { by: 'c' }), 20],
  ['one person twice', told({ by: 'a', hoursAgo: 2 }, { by: 'a' }), 10],
  ['one session twice', told({ by: 'a', session: 's' }, { by: 'a', session: 's' }), 10],
  ['an account of 29 days', told({ by: 'a', account_days: 29 }), 0],
  ['an account of 30 days', told({ by: 'a', account_days: 30 }), 10],
  ['an account whose age nobody knows', told({ by: 'a', account_days: null }), 0],
  ['a hundred young accounts', told(...farms(100, 3)), 0],
  ['a hundred old accounts', told(...farms(100, 300)), 20],
  ['71 hours ago', told({ by: 'a', hoursAgo: 71 }), 10],
  ['72 hours ago', told({ by: 'a', hoursAgo: 72 }), 0],
  ['again after 29 days: not heard', told({ by: 'a', hoursAgo: 29 * 24 }, { by: 'a' }), 0],
  ['again after 31 days', told({ by: 'a', hoursAgo: 31 * 24 }, { by: 'a' }), 10],
  ['confirmed', addDisposition(nobody, disposition('confirmed')), 40],
  [
    'reported and confirmed: no more than confirmed',
    addDisposition(told({ by: 'a' }), disposition('confirmed')),
    40,
  ],
  ['unclear beside a report', addDisposition(told({ by: 'a' }), disposition('unclear')), 10],
  ['dismissed', addDisposition(told({ by: 'a' }, { by: 'b' }), disposition('dismissed')), 0],
]

describe('the memory of a payee', () => {
  test.each(counted)('%s', (_story, memory, expected) => {
    expect(points(memory)).toBe(expected)
    expect(payeeDocument.parse(memory)).toEqual(memory)
  })

  test('a false alarm silences its reporters, and nobody else', () => {
    const memory = addDisposition(told({ by: 'a', hoursAgo: 1 }), disposition('dismissed'))
    expect(addReport(memory, { ...report({ by: 'a' }), at: now + 40 * dayMs })).toBe(memory)
    expect(points(addReport(memory, report({ by: 'b' })))).toBe(10)
  })

  test.each(['unclear', 'confirmed'] as const)(
    'a false alarm that becomes %s lets them speak again',
    (word) => {
      const dismissed = addDisposition(told({ by: 'a' }), disposition('dismissed'))
      const after = addDisposition(dismissed, disposition(word, 2))
      expect(reportReputation(after, now)).toEqual({ reports: 1, confirmed: word === 'confirmed' })
    },
  )

  test('one incident’s false alarm does not take back what another one confirmed', () => {
    const confirmed = addDisposition(nobody, disposition('confirmed', 1, { incident_id: 'inc_2' }))
    expect(points(addDisposition(confirmed, disposition('dismissed')))).toBe(40)
  })

  test('an overtaken disposition changes nothing, a repeated one nothing either', () => {
    const second = addDisposition(nobody, disposition('dismissed', 2))
    expect(addDisposition(second, disposition('confirmed', 1))).toBe(second)
    expect(addDisposition(second, disposition('dismissed', 2, { at: now + 5 }))).toBe(second)
  })

  test('the site’s own word confirms once, and again after it was dismissed', () => {
    const said = { incident_id: 'inc_1', by: 'key:1', at: now }
    const confirmed = confirmByResult(nobody, said)
    expect(points(confirmed)).toBe(40)
    expect(confirmByResult(confirmed, said)).toBe(confirmed)
    const dismissed = addDisposition(confirmed, disposition('dismissed'))
    expect(points(dismissed)).toBe(0)
    expect(points(confirmByResult(dismissed, said))).toBe(40)
  })

  test('the key that said it takes its word back, and nobody else’s', () => {
    const said = { incident_id: 'inc_1', by: 'key:1', at: now }
    const undoing = { ...said, session_id: 'ses_liar_0' }
    const confirmed = confirmByResult(told({ by: 'liar' }, { by: 'ana' }), said)
    expect(points(takeBackResult(confirmed, { ...undoing, by: 'key:2', session_id: null }))).toBe(40)
    expect(points(takeBackResult(confirmed, undoing))).toBe(10)
    expect(points(takeBackResult(confirmed, { ...undoing, session_id: null }))).toBe(20)
    expect(takeBackResult(nobody, undoing)).toBe(nobody)
    const judged = addDisposition(confirmed, disposition('confirmed'))
    expect(points(takeBackResult(judged, undoing))).toBe(40)
  })

  test('a report counts for as long as it does, from an account that is old enough', () => {
    const memory = told({ by: 'ana' }, { by: 'new', account_days: 3 })
    expect(countsReportOf(memory, 'ses_ana_0', now)).toBe(true)
    expect(countsReportOf(memory, 'ses_ana_0', now + 72 * hourMs)).toBe(false)
    expect(countsReportOf(memory, 'ses_new_0', now)).toBe(false)
    expect(countsReportOf(null, 'ses_ana_0', now)).toBe(false)
  })

  test('a confirmation ends after a year', () => {
    const confirmed = addDisposition(nobody, disposition('confirmed'))
    expect(points(confirmed, now + 364 * dayMs)).toBe(40)
    expect(points(confirmed, now + 365 * dayMs)).toBe(0)
    expect(confirmed.purge_at).toBe(now + 365 * dayMs)
  })

  test('a stolen card used in a shop does not brand the shop, until a fifth of those who have long paid were robbed', () => {
    const shop = (payers: number) =>
      learnPayments(
        nobody,
        Array.from({ length: payers }, (_, i) => ({ payer: `payer_${i}`, at: now - 60 * dayMs })),
        now,
      )
    const said = (memory: Payee, times: number) =>
      Array.from({ length: times }, (_, i) => ({ incident_id: `evt_${i}`, by: 'key:k', at: now })).reduce(
        (told, word) => confirmByResult(told, word, now),
        memory,
      )
    const heard = { reports: 1, confirmed: false }
    expect(reportReputation(said(shop(4), 1), now)).toEqual({ reports: 0, confirmed: true })
    expect(reportReputation(said(shop(5), 1), now)).toEqual(heard)
    expect(reportReputation(said(shop(5), 1), now + 4 * dayMs)).toEqual({ reports: 0, confirmed: false })
    expect(reportReputation(said(shop(12), 2), now)).toEqual({ reports: 2, confirmed: false })
    expect(reportReputation(said(shop(12), 3), now).confirmed).toBe(true)
    expect(reportReputation(addDisposition(shop(50), disposition('confirmed')), now).confirmed).toBe(true)
  })

  test('words of the past come to the same in any order', () => {
    const words = [10, 300, 380].map((days) => ({
      incident_id: `evt_${days}`,
      by: 'key:k',
      at: now - days * dayMs,
    }))
    const heard = (order: typeof words) =>
      order.reduce((memory, word) => confirmByResult(memory, word, now), nobody).dispositions
    expect(heard(words.toReversed())).toEqual(heard(words))
    expect(heard(words).map(({ incident_id }) => incident_id)).toEqual(['evt_300', 'evt_10'])
  })

  test('no flood pushes out a report that counts, one that silences, or a confirmation', () => {
    let memory = addDisposition(told({ by: 'liar' }), disposition('dismissed', 1, { incident_id: 'inc_0' }))
    memory = addReport(memory, report({ by: 'honest' }))
    memory = addDisposition(memory, disposition('confirmed', 1, { incident_id: 'inc_c' }))
    for (const bot of farms(200, 1)) memory = addReport(memory, report(bot))
    for (let i = 0; i < 60; i += 1)
      memory = addDisposition(memory, disposition('unclear', 1, { incident_id: `inc_u${i}`, at: now + i }))
    expect(memory.reports.length).toBeLessThanOrEqual(maxReports)
    expect(memory.dispositions.length).toBeLessThanOrEqual(maxDispositions)
    expect(reportReputation(memory, now)).toEqual({ reports: 1, confirmed: true })
    expect(addReport(memory, { ...report({ by: 'liar' }), at: now + 40 * dayMs })).toBe(memory)
    expect(JSON.stringify(memory).length).toBeLessThan(24_000)
  })
})
