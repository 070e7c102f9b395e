import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { definitions } from '../../backend/collections.ts'
import type { CollectionDefinition, StoredDocument } from '../../backend/store/port.ts'
import { fromStoredTextUnopened } from '../../backend/store/stored-text.ts'
import { underTodaysName } from '../../backend/upgrades/trail-words.ts'

/** What the kept documents don't show: those of before fields that even they had, and words of the trail. */

const loose = z.looseObject({ _id: z.string(), org_id: z.string() })
const firstOf = (collection: string) => {
  const [text = ''] = readFileSync(
    join(import.meta.dirname, 'documents-of-before', `${collection}.jsonl`),
    'utf8',
  ).split('\n')
  return loose.parse(JSON.parse(text))
}
const read = <Doc extends StoredDocument, Line>(
  definition: CollectionDefinition<Doc, Line>,
  stored: z.infer<typeof loose>,
): Doc =>
  fromStoredTextUnopened(definition, {
    org_id: stored.org_id,
    _id: stored._id,
    body: JSON.stringify(stored),
  })

describe('documents of before a field was kept', () => {
  it('a session says that nothing is known', () => {
    const {
      judged: _,
      preview: __,
      payee_judged_as: ___,
      opened_at: ____,
      texts_version: _____,
      holdout: ______,
      questions: _______,
      results: ________,
      ...oldest
    } = firstOf('sessions')
    expect(read(definitions.sessions, oldest)).toMatchObject({
      evaluation: {
        input: null,
        shadow: null,
        payee_reputation: 'unreported',
        holdout: null,
        observed: null,
      },
      checkpoint: { opened_at: null, texts_version: null },
      results: [],
    })
  })

  it('a payee knows nobody who paid, and has sessions to be read', () => {
    const known = { days: [], payers: [], triers: [], sessions_read: false }
    expect(read(definitions.payees, firstOf('payees'))).toMatchObject(known)
  })

  it('an organisation has no clock, compares nobody, enforces, and is judged by the policy that comes with the engine', () => {
    const {
      time_zone: _,
      holdout_share: __,
      policies: ___,
      trail_due: ____,
      ...oldest
    } = firstOf('organisations')
    const none = { live: null, preview: null, before: [], last: null }
    const enforced = { mode: 'enforce', moved: null, proposed: null }
    expect(read(definitions.organisations, oldest)).toMatchObject({
      time_zone: null,
      holdout_share: 0,
      policies: { live: none, test: none },
      enforcement: { live: enforced, test: enforced, two_analysts: false, mail_due: [] },
      trail_due: [],
    })
  })

  it('a release that the site made in its own words is the key’s, and those words are a claim', () => {
    const call = { at: 1, by: 'Bo of the branch', number_used: 'on_file', outcome: 'contact_ended' }
    const released = { at: 2, by: 'key:k1', how: 'api', reason: 'spoken with', call_back: call }
    const hold = {
      id: 'h',
      session_id: 's',
      incident_id: null,
      family: 'money_out',
      payee_key: null,
      reason: 'stalled',
      opened_at: 1,
      ends_at: 2,
      released,
    }
    const stored = { ...firstOf('guards'), holds: [hold] }
    expect(read(definitions.userHolds, stored).holds).toEqual([
      {
        ...hold,
        reason: 'abandoned',
        needs_release: false,
        released: { ...released, call_back: { ...call, by: 'key:k1', claimed_agent: 'Bo of the branch' } },
      },
    ])
  })
})

describe('entries of a trail', () => {
  it('are read under today’s name, and every other stays what it is', () => {
    const meta = { incident: 'inc_1', verdict: 'false_alarm', revision: 1, judged_at: 5 }
    expect(underTodaysName({ action: 'incident.judged', meta })).toEqual({
      action: 'incident.disposition_set',
      meta: { incident: 'inc_1', disposition: 'false_alarm', revision: 1, set_at: 5 },
    })
    const other = { action: 'label.given', meta: { verdict: 'as it was' } }
    expect(underTodaysName(other)).toBe(other)
  })
})
