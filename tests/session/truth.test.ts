import { expect, it } from 'vitest'
import { dayMs } from '#contract/durations'
import { parseEvidence, truthOf } from '../../backend/session/evidence.ts'
import { sessionOf, startOfTime } from './session-fixture.ts'

/** What an event turned out to be, by what its trail says. */

type Said = { action: string; at: number; meta: Record<string, unknown> }
const result = (word: string, daysAgo: number): Said => ({
  action: 'result.reported',
  at: startOfTime - daysAgo * dayMs,
  meta: { result: word },
})
const judged = (disposition: string): Said => ({
  action: 'incident.disposition_set',
  at: startOfTime,
  meta: { disposition },
})
const labelled: Said = {
  action: 'label.given',
  at: startOfTime,
  meta: { label: 'lbl_1', says: 'known_risky' },
}

const truth = (entries: Said[], report: { at: number } | null = null) => {
  const session = sessionOf()
  const document = {
    ...session,
    consequences: { ...session.consequences, report },
    audit: { ...session.audit, entries },
  }
  const { evidence } = parseEvidence(document)
  if (evidence === null) throw new Error('no evidence')
  return truthOf(evidence, startOfTime)
}

const rows: [what: string, entries: Said[], truth: 'fraud' | 'honest' | null][] = [
  ['nothing was said', [], null],
  ['completed yesterday', [result('completed', 1)], null],
  ['completed a month ago', [result('completed', 30)], 'honest'],
  ['reported', [result('completed', 90), result('reported_scam', 40)], 'fraud'],
  [
    'reported and taken back',
    [result('completed', 90), result('reported_scam', 40), result('retracted', 39)],
    'honest',
  ],
  ['an incident that was confirmed', [judged('confirmed_scam')], 'fraud'],
  ['an incident that was a false alarm', [judged('false_alarm')], null],
  [
    'confirmed, and then a false alarm',
    [result('completed', 50), judged('confirmed_scam'), judged('false_alarm')],
    'honest',
  ],
  ['completed, and labelled risky', [result('completed', 50), labelled], null],
  ['failed', [result('failed', 50)], null],
]

it.each(rows)('%s', (_what, entries, is) => {
  expect(truth(entries)).toBe(is)
})

it('a person’s own report is no truth, and takes the quiet from what was completed', () => {
  expect(truth([result('completed', 50)], { at: startOfTime })).toBeNull()
})
