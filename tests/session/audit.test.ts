import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { type AuditEntry, chain, type EntryDraft } from '../../backend/audit/entry.ts'
import { verifyTrail } from '../../backend/audit/verify.ts'

/** Tamper-evident: each way to touch a trail, and the fault that tells of it. */

const draft = (action: string, meta: EntryDraft['meta'] = {}): EntryDraft => ({
  actor: 'anti-social-engine',
  actor_type: 'system',
  action,
  meta,
})
const place = { org: 'org_1', stream: 'ses_1', at: 1000, head: null }
const { entries, head } = chain(place, [
  draft('one', {
    text: 'é "quoted" \u2028',
    list: ['b', 'a'],
    no: null,
    yes: true,
    number: -3,
    Z: 'z',
    a: 'a',
  }),
  draft('two'),
  draft('three'),
])
const later = chain({ ...place, at: 2000, head }, [draft('four')])
const whole = [...entries, ...later.entries]

const change = (at: number, changed: Partial<AuditEntry>) =>
  whole.map((entry, index) => (index === at ? { ...entry, ...changed } : entry))
/** Somebody who knows the algorithm mends the hashes behind a change. */
const rewritten = () => chain(place, [draft('one'), draft('something else'), draft('three'), draft('four')])

describe('a trail', () => {
  it('verifies across several appends', () => {
    expect(verifyTrail(whole, later.head)).toEqual({ ok: true, length: 4 })
    expect(verifyTrail([], null)).toEqual({ ok: true, length: 0 })
  })

  it.each([
    ['another text', change(1, { action: 'other' }), 'altered_entry', 2],
    ['another figure', change(0, { meta: { number: -4 } }), 'altered_entry', 1],
    ['another time', change(1, { at: 1001 }), 'altered_entry', 2],
    ['another actor', change(3, { actor_type: 'person' }), 'altered_entry', 4],
    ['another hash', change(2, { hash: 'x' }), 'altered_entry', 3],
    ['another link', change(2, { prev: 'x' }), 'broken_link', 3],
    ['a link into the first', change(0, { prev: 'x' }), 'broken_link', 1],
    ['another session', change(2, { stream: 'ses_2' }), 'wrong_stream', 3],
    ['another organisation', change(2, { org: 'org_2' }), 'wrong_stream', 3],
    ['one taken out', whole.toSpliced(1, 1), 'sequence_gap', 2],
    ['the first taken out', whole.slice(1), 'sequence_gap', 1],
    ['two swapped', whole.toSpliced(1, 2, ...whole.slice(1, 3).reverse()), 'sequence_gap', 2],
    ['one twice', [...whole, ...whole.slice(3)], 'sequence_gap', 5],
    ['something that is no entry', [...whole, 'entry'], 'not_an_entry', 5],
    ['nothing at all', [...whole, null], 'not_an_entry', 5],
    ['the end cut off', whole.slice(0, 3), 'cut_off', 4],
    ['everything cut off', [], 'cut_off', 1],
    [
      'an added end',
      [...whole, ...chain({ ...place, at: 3000, head: later.head }, [draft('five')]).entries],
      'cut_off',
      6,
    ],
    ['all rewritten, head kept elsewhere', rewritten().entries, 'cut_off', 5],
    [
      'a clock that went back',
      [...entries, ...chain({ ...place, at: 1, head }, [draft('four')]).entries],
      'time_went_back',
      4,
    ],
  ])('tells of %s', (_name, trail, fault, seq) => {
    expect(verifyTrail(trail, later.head)).toEqual({ ok: false, fault, seq })
  })

  it('tells of an extra field that was slipped in', () => {
    const trail = whole.map((entry, index) => (index === 1 ? { ...entry, note: 'slipped in' } : entry))
    expect(verifyTrail(trail, later.head)).toMatchObject({ ok: false, fault: 'altered_entry' })
  })

  it('cannot tell of a trail that was rewritten together with its head: nothing in the product claims it', () => {
    const forged = rewritten()
    expect(verifyTrail(forged.entries, forged.head)).toMatchObject({ ok: true })
  })

  it('is checked by a file that imports nothing of ours', () => {
    const source = readFileSync(new URL('../../backend/audit/verify.ts', import.meta.url), 'utf8')
    expect([...source.matchAll(/from '([^']+)'/g)].map(([, from]) => from)).toEqual(['node:crypto'])
  })
})
