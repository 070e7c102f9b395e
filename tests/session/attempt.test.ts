import { describe, expect, it } from 'vitest'
import { parseAttempt } from '../../backend/session/attempt.ts'
import { sessionFixture } from '../admin/fixtures.ts'

/** What payee memory reads of a stored session: the same as the whole document says, and no more than it needs. */

const session = sessionFixture({ org_id: 'org_a', id: 'a', at: Date.UTC(2026, 9, 1) })
const stored = (change: object = {}): unknown => JSON.parse(JSON.stringify({ ...session, ...change }))

describe('an attempt read from a stored session', () => {
  it('says who tried to pay whom, when, as the whole session does', () => {
    const { _id, org_id, version, purge_at, created_at, event, assessment } = session
    expect(parseAttempt(stored())).toEqual({
      _id,
      org_id,
      version,
      purge_at,
      created_at,
      event: {
        keys: { user: event.keys.user, payee: event.keys.payee },
      },
      assessment: { family: assessment.family },
    })
  })

  it('does not depend on what a session holds beside', () => {
    expect(parseAttempt(stored({ steps: 'of another time' })).event.keys.user).toBe(session.event.keys.user)
  })

  it.each([
    ['who', { event: { ...session.event, keys: { ...session.event.keys, user: 7 } } }],
    ['whom', { event: { ...session.event, keys: { ...session.event.keys, payee: undefined } } }],
    ['when', { created_at: 'yesterday' }],
    ['what kind of action', { assessment: { ...session.assessment, family: 'gift' } }],
  ])('is refused when it doesn’t say %s', (_what, change) => {
    expect(() => parseAttempt(stored(change))).toThrow()
  })
})
