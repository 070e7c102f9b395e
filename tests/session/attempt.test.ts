import { describe, expect, it } from 'vitest'
import { fateOf, parseAttempt } from '../../backend/session/attempt.ts'
import { sessionFixture } from '../admin/fixtures.ts'

/** What payee memory reads of a stored session: the same as the whole document says, and no more than it needs. */

const session = sessionFixture({ org_id: 'org_a', id: 'a', at: Date.UTC(2026, 9, 1) })
const stored = (change: object = {}): unknown => JSON.parse(JSON.stringify({ ...session, ...change }))

describe('an attempt read from a stored session', () => {
  it('says who tried to pay whom, when and how much, as the whole session does', () => {
    const { _id, org_id, version, purge_at, created_at, event, status } = session
    const { assessment } = session.evaluation
    const { deadline_at } = session.checkpoint
    expect(parseAttempt(stored())).toEqual({
      _id,
      org_id,
      version,
      purge_at,
      created_at,
      event: {
        keys: { user: event.keys.user, payee: event.keys.payee },
        amount: event.amount,
      },
      status,
      evaluation: { assessment: { family: assessment.family } },
      checkpoint: { deadline_at },
      decision: expect.objectContaining({ outcome: session.decision?.outcome }),
    })
  })

  it('does not depend on what a session holds beside', () => {
    expect(
      parseAttempt(stored({ checkpoint: { ...session.checkpoint, steps: 'of another time' } })).event.keys
        .user,
    ).toBe(session.event.keys.user)
  })

  it.each([
    ['who', { event: { ...session.event, keys: { ...session.event.keys, user: 7 } } }],
    ['whom', { event: { ...session.event, keys: { ...session.event.keys, payee: undefined } } }],
    ['when', { created_at: 'yesterday' }],
    ['how it stands', { status: 'asleep' }],
    [
      'what kind of action',
      { evaluation: { assessment: { ...session.evaluation.assessment, family: 'gift' } } },
    ],
  ])('is refused when it doesn’t say %s', (_what, change) => {
    expect(() => parseAttempt(stored(change))).toThrow()
  })
})

describe('what became of an attempt', () => {
  const at = Date.UTC(2026, 9, 1)
  const open = { status: 'open', checkpoint: { deadline_at: at + 900_000 }, decision: null } as const
  const ended = (change: object = {}) => ({
    ...open,
    status: 'resolved' as const,
    decision: {
      outcome: 'allow' as const,
      expires_at: at + 600_000,
      used_at: null,
      redemption: null,
      revoked_at: null,
      ...change,
    },
  })
  it.each([
    ['a checkpoint that is open', open, 'open', at + 900_000],
    ['an allow that is not spent yet', ended(), 'open', at + 600_000],
    ['an allow that nobody spent in time', ended({ expires_at: at }), 'over', 0],
    ['an allow that was spent', ended({ used_at: at - 1, redemption: 'valid' }), 'sent', 0],
    [
      'an allow that was spent, answered or not nobody knows',
      ended({ used_at: at }),
      'open',
      at + 86_400_000,
    ],
    [
      'an allow that a hold stopped at the last moment',
      ended({ used_at: at, redemption: 'held' }),
      'over',
      0,
    ],
    ['an allow that was taken back', ended({ revoked_at: at }), 'over', 0],
    ['anything that was blocked, stopped or left', ended({ outcome: 'block_escalate' }), 'over', 0],
  ] as const)('%s', (_what, session, state, open_until) => {
    expect(fateOf(session, at)).toEqual({ state, open_until })
  })
})
