import { describe, expect, test } from 'vitest'
import { dayMs } from '#contract/durations'
import type { LabelFamily, LabelName, SubjectType } from '#contract/label'
import { labelFamily, labelName, labelProvenance, subjectType } from '#contract/label'
import { activeLabels, labelStateOf } from '../../backend/risk/labels/active-labels.ts'
import { addLabel, type LabelCommand, undoLabel } from '../../backend/risk/labels/change-labels.ts'
import { labelDays } from '../../backend/risk/labels/expiry.ts'
import {
  emptyLabels,
  type LabelDocument,
  labelDocument,
  labelId,
  subjectKeyOfLabel,
} from '../../backend/risk/labels/label-document.ts'
import { now } from './events.ts'

/** One subject's labels over time: what counts, what is refused, what is kept. */

const none = (type: SubjectType = 'device') =>
  emptyLabels({ org_id: 'org', environment: 'live' }, { type, key: 'k' })

const wish = (change: Partial<LabelCommand>): LabelCommand => ({
  id: `lbl_${change.label}_${change.at ?? now}_${change.family}_${change.session_id}`,
  session_id: null,
  label: 'known_risky',
  family: null,
  provenance: 'analyst_investigation',
  reason: 'Seen twice.',
  author: 'adm_1',
  expires_at: null,
  at: now,
  ...change,
})

const add = (document: LabelDocument, change: Partial<LabelCommand>): LabelDocument => {
  const answer = addLabel(document, wish(change))
  if (!answer.ok) throw new Error(answer.refusal.reason)
  return answer.document
}

type Step = { label: LabelName; family?: LabelFamily; days?: number; undone?: true; session?: string }

/** Labels given a second apart; `days` to live. */
const history = (steps: Step[], type: SubjectType = 'device'): LabelDocument =>
  steps.reduce((document, { label, family = 'network', days, undone, session = null }, i) => {
    const at = now + i * 1000
    const expires_at = days === undefined ? null : at + days * dayMs
    const next = add(document, { label, family, at, expires_at, session_id: session, id: `lbl_${i}` })
    return undone === undefined
      ? next
      : (undoLabel(next, `lbl_${i}`, { by: 'adm_1', reason: 'Wrong.', at })?.document ?? next)
  }, none(type))

const rows: { name: string; steps: Step[]; inDays?: number; counts: LabelName[]; type?: SubjectType }[] = [
  { name: 'nothing', steps: [], counts: [] },
  { name: 'one', steps: [{ label: 'known_risky' }], counts: ['known_risky'] },
  {
    name: 'the newest of a family',
    steps: [{ label: 'known_risky' }, { label: 'known_legit' }],
    counts: ['known_legit'],
  },
  {
    name: 'one of each family',
    steps: [{ label: 'suspected_risky' }, { label: 'known_risky', family: 'scam' }],
    counts: ['known_risky', 'suspected_risky'],
  },
  { name: 'unknown: nothing', steps: [{ label: 'known_risky' }, { label: 'unknown' }], counts: [] },
  {
    name: 'unknown in another family: what stands',
    steps: [{ label: 'known_risky' }, { label: 'unknown', family: 'scam' }],
    counts: ['known_risky'],
  },
  {
    name: 'unknown outlasts what it neutralises',
    steps: [{ label: 'known_risky', days: 700 }, { label: 'unknown' }],
    inDays: 600,
    counts: [],
  },
  { name: 'undone: nothing', steps: [{ label: 'known_risky', undone: true }], counts: [] },
  {
    name: 'undone: what stood before',
    steps: [{ label: 'known_risky' }, { label: 'known_legit', undone: true }],
    counts: ['known_risky'],
  },
  { name: 'run out: nothing', steps: [{ label: 'known_risky', days: 10 }], inDays: 10, counts: [] },
  {
    name: 'on its last day: itself',
    steps: [{ label: 'known_risky', days: 10 }],
    inDays: 9,
    counts: ['known_risky'],
  },
  {
    name: 'a good name run out: the warning of before',
    steps: [
      { label: 'known_risky', days: 300 },
      { label: 'known_legit', days: 10 },
    ],
    inDays: 11,
    counts: ['known_risky'],
  },
  {
    name: 'a warning run out: not the good name of before',
    steps: [
      { label: 'known_legit', days: 300 },
      { label: 'suspected_risky', days: 10 },
    ],
    inDays: 11,
    counts: [],
  },
  {
    name: 'of two sessions the worse',
    type: 'session',
    steps: [
      { label: 'known_risky', session: 'ses_1' },
      { label: 'known_legit', session: 'ses_2' },
    ],
    counts: ['known_risky'],
  },
  {
    name: 'of one session the newest',
    type: 'session',
    steps: [
      { label: 'known_risky', session: 'ses_1' },
      { label: 'known_legit', session: 'ses_1' },
    ],
    counts: ['known_legit'],
  },
]

describe('what counts', () => {
  test.each(rows)('$name', ({ steps, inDays = 1, counts, type }) => {
    const counting = activeLabels(history(steps, type), now + inDays * dayMs)
    expect(counting.map(({ label }) => label)).toEqual(counts)
  })

  test('is told of each', () => {
    const document = history([
      { label: 'known_risky', undone: true },
      { label: 'suspected_risky', days: 1 },
      { label: 'known_risky' },
      { label: 'known_legit' },
    ])
    const states = document.labels.map((entry) => labelStateOf(document, entry, now + 2 * dayMs))
    expect(states).toEqual(['undone', 'expired', 'replaced', 'active'])
  })
})

describe('known_legit', () => {
  const clears = (type: SubjectType): LabelFamily[] =>
    labelFamily.options.filter((family) => addLabel(none(type), wish({ label: 'known_legit', family })).ok)

  test('never speaks of scams, and of payments for a payee alone', () => {
    expect(Object.fromEntries(subjectType.options.map((type) => [type, clears(type)]))).toEqual({
      user: ['takeover', 'network', 'behaviour'],
      device: ['takeover', 'network', 'behaviour'],
      ip: ['network'],
      network: ['network'],
      payee: ['payment'],
      email_domain: ['takeover', 'behaviour'],
      session: ['takeover', 'network', 'behaviour'],
    })
  })

  test('is refused on a payee when nobody says which family', () => {
    expect(addLabel(none('payee'), wish({ label: 'known_legit' }))).toEqual({
      ok: false,
      refusal: { reason: 'family_never_cleared', family: 'scam' },
    })
  })

  test('every other label speaks of any family', () => {
    for (const label of labelName.options.filter((one) => one !== 'known_legit'))
      for (const family of labelFamily.options)
        expect(addLabel(none('user'), wish({ label, family })).ok, `${label} ${family}`).toBe(true)
  })
})

describe('the end', () => {
  test.each(labelProvenance.options)('of a label on %s is bounded', (provenance) => {
    const { usual, most } = labelDays[provenance]
    const endOf = (expires_at: number | null) => {
      const answer = addLabel(none(), wish({ provenance, expires_at }))
      return answer.ok ? answer.label.expires_at : answer.refusal
    }
    expect(endOf(null)).toBe(now + usual * dayMs)
    expect(endOf(now + most * dayMs)).toBe(now + most * dayMs)
    expect(endOf(now + most * dayMs + 1)).toEqual({ reason: 'expires_too_late', latest: now + most * dayMs })
    expect(endOf(now)).toEqual({ reason: 'expires_in_past' })
  })
})

describe('the document', () => {
  test('is the same after the same label again, and after a second undo', () => {
    const once = add(none(), { id: 'lbl_1' })
    expect(add(once, { id: 'lbl_1', label: 'known_legit' })).toBe(once)
    const undone = undoLabel(once, 'lbl_1', { by: 'adm_1', reason: 'Wrong.', at: now })?.document ?? once
    expect(undoLabel(undone, 'lbl_1', { by: 'adm_2', reason: 'Again.', at: now + 1 })?.document).toBe(undone)
    expect(undoLabel(once, 'lbl_2', { by: 'adm_1', reason: 'Wrong.', at: now })).toBeNull()
  })

  test('stays bounded, and lets go first of what says nothing any more', () => {
    let document = add(none(), { id: 'lbl_scam', family: 'scam' })
    for (let i = 0; i < 200; i += 1)
      document = add(document, { id: `lbl_${i}`, family: 'network', reason: 'x'.repeat(500) })
    expect(document.labels).toHaveLength(40)
    expect(activeLabels(document, now + 1).map(({ family }) => family)).toEqual(['scam', 'network'])
    expect(JSON.stringify(document).length).toBeLessThan(40_000)
    expect(() => labelDocument.parse(document)).not.toThrow()
  })

  test('is found by the id of a label', () => {
    const key = `${'aZ0_-'.repeat(8)}xyz`
    expect(subjectKeyOfLabel(labelId(key, '0123456789abcdef'))).toBe(key)
    for (const other of ['lbl_1', `lbl_${key}_0123`, `lbs_${key}`, `lbl_${key}_0123456789abcdeg`, ''])
      expect(subjectKeyOfLabel(other), other).toBeNull()
  })
})
