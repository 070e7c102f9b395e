import { describe, expect, it } from 'vitest'
import { stepOrder } from '#contract/step'
import type { Submit, SubmitAction } from '../../backend/contract/submit.ts'
import type { Session } from '../../backend/session/document.ts'
import { advance, expire, expiryOf, isUndoable, wasStopped } from '../../backend/session/machine.ts'
import { type Move, moveTo } from '../../backend/session/move.ts'
import { withCheckpoint } from '../../backend/session/with-checkpoint.ts'
import { refusalMove, withHold, written } from '../../backend/session/write.ts'
import { stateIn, withStep } from '../support/step-state.ts'
import { assessmentOf, contextAt, eventOf, rightCode, sessionOf, startOfTime } from './session-fixture.ts'

/** The machine's own table, row by row: what a session does with each submit, in each situation. */

const submits: Record<SubmitAction, Submit> = {
  intent: { action: 'intent', answer: 'no' },
  confirm: { action: 'confirm', answer: 'confirmed' },
  questions: { action: 'questions', answer: 'rather_not' },
  continue: { action: 'continue' },
  respond: { action: 'respond', code: rightCode },
  resend: { action: 'resend' },
  report: { action: 'report', details: 'a call' },
  cancel: { action: 'cancel' },
}

const moveOf = (session: Session, submit: Submit, now = startOfTime): Move => {
  const advanced = advance(session, submit, contextAt(now))
  if (advanced.kind === 'refused') throw new Error(`refused: ${advanced.error}`)
  return advanced.move
}
const moved = (session: Session, submit: Submit, now = startOfTime): Session =>
  written(moveOf(session, submit, now), now, 'fingerprint')

const atIntent = () => sessionOf()
const atConfirm = () => moved(atIntent(), submits.intent)
const atPause = () => moved(atConfirm(), submits.confirm)
const atCode = () => moved(atPause(), submits.continue, startOfTime + 30_000)
const allowed = () => moved(atCode(), submits.respond, startOfTime + 30_000)
const spent = (): Session => {
  const session = allowed()
  if (session.decision === null) throw new Error('no decision')
  return { ...session, decision: { ...session.decision, used_at: startOfTime, redemption: 'valid' } }
}
const asking = () =>
  moved(
    moved(sessionOf({ assessment: assessmentOf({ steps: [...stepOrder] }) }), submits.intent),
    submits.confirm,
  )
const broken = () => moved(atIntent(), { action: 'intent', answer: 'yes' })
const cancelled = () => moved(atIntent(), submits.cancel)
const denied = () => moved(atConfirm(), { action: 'confirm', answer: 'denied' })
const blocked = () => sessionOf({ blocked_by: 'blocked', assessment: assessmentOf({ steps: [] }) })
const late = startOfTime + 30_000

type Row = [string, () => Session, Partial<Record<SubmitAction, string>>]

/** Per situation: what each submit leads to; what is not named is refused as out of sequence. */
const rows: Row[] = [
  ['the question stands', atIntent, { intent: 'open', cancel: 'cancelled' }],
  ['the confirmation stands', atConfirm, { confirm: 'open', cancel: 'cancelled' }],
  ['a specific question stands', asking, { questions: 'open', cancel: 'cancelled' }],
  ['the pause runs out', atPause, { continue: 'open', cancel: 'cancelled' }],
  ['the code stands', atCode, { respond: 'allowed', resend: 'resend_too_soon', cancel: 'cancelled' }],
  ['allowed, unspent', allowed, { cancel: 'cancelled', report: 'contact_broken' }],
  ['allowed and spent', spent, {}],
  ['contact broken', broken, { report: 'contact_broken' }],
  ['cancelled', cancelled, { report: 'cancelled' }],
  ['denied', denied, { report: 'denied' }],
  ['blocked at ingest', blocked, { report: 'blocked' }],
]

describe.each(rows)('%s', (_name, situation, accepted) => {
  it.each(Object.values(submits))('$action', (submit) => {
    const advanced = advance(situation(), submit, contextAt(late))
    const found =
      advanced.kind === 'refused' ? advanced.error : (advanced.move.session.ending.resolution ?? 'open')
    expect(found).toBe(accepted[submit.action] ?? 'out_of_sequence')
  })

  it.each(Object.values(submits))('$action, long after every deadline', (submit) => {
    const session = situation()
    const advanced = advance(session, submit, contextAt(startOfTime + 86_400_000))
    if (session.status === 'open') {
      if (advanced.kind !== 'moved') throw new Error('not written')
      expect(['expired', 'delivery_failed']).toContain(advanced.move.session.ending.resolution)
      expect(advanced.move.session.ending.outcome).toBe('block_escalate')
    } else if (session.ending.resolution === 'allowed') expect(advanced.kind).toBe('refused')
  })
})

describe('every ending', () => {
  it.each(rows)('%s: says block_escalate unless it allows, and carries a decision', (_name, situation) => {
    const session = situation()
    if (session.status === 'open') {
      expect([session.decision, session.ending.at]).toEqual([null, null])
      return
    }
    const outcome = session.ending.resolution === 'allowed' ? 'allow' : 'block_escalate'
    expect([session.ending.outcome, session.decision?.outcome]).toEqual([outcome, outcome])
    expect((session.decision?.expires_at ?? 0) - (session.decision?.issued_at ?? 0)).toBe(600_000)
  })

  it('opens incidents for broken contacts, contradictions, blocks and failed codes alone', () => {
    const kinds = (session: Session) => session.consequences.outbox.map(({ effect }) => effect.kind)
    expect(kinds(broken())).toEqual(['incident', 'alert_mail'])
    expect(kinds(blocked())).toEqual(['incident', 'alert_mail'])
    expect(kinds(cancelled())).toEqual([])
    expect(kinds(denied())).toEqual([])
  })
})

describe('the question', () => {
  const table: [
    string,
    Partial<Session['evaluation']['context']>,
    'yes' | 'not_sure' | 'no',
    string | null,
    string | null,
  ][] = [
    ['yes', {}, 'yes', 'contact_broken', 'answered_yes'],
    ['not sure', {}, 'not_sure', 'contact_broken', 'answered_not_sure'],
    ['no', {}, 'no', null, null],
    ['no beside remote access', { remote_access: true }, 'no', 'contradicted', 'contradicted'],
    [
      'no beside a shared screen',
      { screen_shared: true, payee_name_match: null },
      'no',
      'contradicted',
      'contradicted',
    ],
    ['no on a call, new payee, high amount', { call_active: true }, 'no', 'contradicted', 'contradicted'],
    [
      'no with every sign quiet',
      { call_active: false, remote_access: false, screen_shared: false, payee_name_match: null },
      'no',
      null,
      null,
    ],
    [
      'no on a call, new payee, account in another name',
      { call_active: true, payee_name_match: 'no_match' as const },
      'no',
      'contradicted',
      'contradicted',
    ],
    ['yes beside remote access', { remote_access: true }, 'yes', 'contact_broken', 'answered_yes'],
  ]
  it.each(table)('%s', (_name, facts, answer, resolution, hold) => {
    const context = {
      call_active: null,
      remote_access: null,
      screen_shared: null,
      payee_name_match: null,
      ...facts,
    }
    const move = moveOf(sessionOf({ context }), { action: 'intent', answer })
    expect([move.session.ending.resolution, move.hold]).toEqual([resolution, hold])
    expect(stateIn(move.session, 'intent')?.answer).toBe(answer)
  })

  it.each([
    ['a known payee', { payee_new: false }],
    ['a small amount', { amount_high: false }],
    ['an unknown payee', { payee_new: null }],
  ])('takes a call with %s for no contradiction', (_name, change) => {
    const context = { call_active: true, remote_access: null, screen_shared: null, payee_name_match: null }
    const move = moveOf(sessionOf({ context, assessment: assessmentOf(change) }), submits.intent)
    expect(move.session.ending.resolution).toBeNull()
    expect(move.session.checkpoint.reasons).toMatchObject([{ code: 'CALL_ACTIVE', points: 15 }])
  })

  const named = (payee_name_match: 'match' | 'close' | 'no_match', call_active: boolean | null = null) => ({
    call_active,
    remote_access: null,
    screen_shared: null,
    payee_name_match,
  })

  it('takes an account in another name for a contradiction on a call alone, however small the amount', () => {
    const small = assessmentOf({ amount_high: false })
    const onCall = moveOf(sessionOf({ context: named('no_match', true), assessment: small }), submits.intent)
    expect([onCall.session.ending.resolution, onCall.hold]).toEqual(['contradicted', 'contradicted'])
    const alone = moveOf(sessionOf({ context: named('no_match') }), submits.intent)
    expect(alone.session.ending.resolution).toBeNull()
    expect(alone.session.checkpoint.reasons).toMatchObject([{ code: 'PAYEE_NAME_MISMATCH', points: 15 }])
  })

  it.each([
    ['one that is close', 'close', {}],
    ['one that matches', 'match', {}],
    ['another one, of a payee long paid', 'no_match', { payee_new: false }],
    ['another one, where nobody knows whether the payee is new', 'no_match', { payee_new: null }],
  ] as const)('lets a no count beside a name: %s', (_name, match, change) => {
    const session = sessionOf({ context: named(match), assessment: assessmentOf(change) })
    const move = moveOf(session, submits.intent)
    expect(move.session.checkpoint.reasons).toMatchObject([{ code: 'ANSWER_INDEPENDENT' }])
    expect(move.session.checkpoint.tier).toBe(session.checkpoint.tier)
  })

  it.each([0, 4, 10, 80, 100])('keeps points and score together at a score of %i', (score) => {
    for (const call_active of [null, true]) {
      const context = { call_active, remote_access: null, screen_shared: null, payee_name_match: null }
      const assessment = assessmentOf({ score, payee_new: false })
      const { session } = moveOf(sessionOf({ context, assessment }), submits.intent)
      const points = session.checkpoint.reasons.reduce((sum, reason) => sum + reason.points, 0)
      expect(session.checkpoint.score).toBe(score + points)
      expect(session.checkpoint.score).toBeGreaterThanOrEqual(0)
      expect(session.checkpoint.score).toBeLessThanOrEqual(100)
    }
  })
})

describe('an abandonment', () => {
  it.each([
    ['the person’s own stop', moveOf(atConfirm(), submits.cancel), false],
    ['not sure at the confirmation', moveOf(atConfirm(), { action: 'confirm', answer: 'not_sure' }), true],
    ['something is different', moveOf(atConfirm(), { action: 'confirm', answer: 'denied' }), false],
    ['running out of time after an answer', expire(atConfirm(), contextAt(late)), true],
    ['running out of time at a specific question', expire(asking(), contextAt(late)), true],
    ['running out of time before any answer', expire(atIntent(), contextAt(late)), false],
    ['running out of time without a message', expire(atCode(), contextAt(late)), false],
    ['changing the answer after an allow', moveOf(allowed(), submits.cancel, late), false],
  ])('%s', (_name, move, abandoned) => {
    expect(move.abandoned).toBe(abandoned)
  })

  it('of a third time shows its hold, and keeps how the session ended', () => {
    const move = expire(atConfirm(), contextAt(late))
    const { session } = withHold(move, {
      id: 'hold_1',
      session_id: 'ses_1',
      incident_id: 'inc_1',
      family: 'money_out',
      payee_key: null,
      reason: 'abandoned',
      opened_at: 0,
      ends_at: 1,
      needs_release: false,
      released: null,
    })
    expect([session.ending.resolution, session.ending.cause, session.consequences.hold?.id]).toEqual([
      'expired',
      'abandoned',
      'hold_1',
    ])
  })
})

it.each([
  ['at the question', moveOf(atIntent(), submits.cancel), true],
  ['while the pause runs', moveOf(atPause(), submits.cancel), true],
  ['at the code', moveOf(atCode(), submits.cancel), true],
  ['too late, when the time was over', expire(atConfirm(), contextAt(late)), false],
  ['after the allow', moveOf(allowed(), submits.cancel), false],
  ['not at all', moveOf(atConfirm(), { action: 'confirm', answer: 'denied' }), false],
])('a checkpoint counts as stopped by the person %s', (_when, { session }, stopped) => {
  expect(wasStopped(session)).toBe(stopped)
})

it.each([
  [0, 'pause_not_over'],
  [29_999, 'pause_not_over'],
  [30_000, 'email_code'],
])('keeps a pause of thirty seconds: %i ms after it began', (wait, expected) => {
  const advanced = advance(atPause(), submits.continue, contextAt(startOfTime + wait))
  const found =
    advanced.kind === 'refused'
      ? advanced.error
      : advanced.move.session.checkpoint.steps[advanced.move.session.checkpoint.position]?.type
  expect(found).toBe(expected)
})

it('writes twenty refusals down and counts the rest', () => {
  let session = atPause()
  for (let nth = 0; nth < 25; nth += 1)
    session = written(refusalMove(session, 'pause_not_over', 'continue') ?? moveTo(session), startOfTime)
  const refused = session.audit.entries.filter(({ action }) => action === 'submit.refused')
  expect([refused.length, session.audit.refusals]).toEqual([20, 25])
})

describe('running out of time', () => {
  it.each([
    ['sent', 'expired'],
    ['sending', 'delivery_failed'],
    ['retrying', 'delivery_failed'],
  ] as const)('with a message that is %s is %s', (delivery, resolution) => {
    const session = atCode()
    expect(
      expiryOf(
        withStep(session, 'email_code', (step) => ({
          ...step,
          state: step.state && { ...step.state, delivery },
        })),
      ),
    ).toBe(resolution)
  })
})

describe('the code', () => {
  const submitted = (change: Partial<Parameters<typeof contextAt>[1]> & { now?: number }, code = rightCode) =>
    advance(atCode(), { action: 'respond', code }, contextAt(change.now ?? late, change))

  it('is not judged where the limits say so, right or wrong', () => {
    const advanced = submitted({
      mayJudge: false,
      codeMatches: () => {
        throw new Error('judged')
      },
    })
    if (advanced.kind !== 'moved') throw new Error('refused')
    expect(advanced.move.session.ending.resolution).toBe('code_failed')
  })

  it('does not start without an address, nor without leave to send', () => {
    const noAddress = sessionOf({
      event: eventOf({ user: { id: 'u_1' } }),
      assessment: assessmentOf({ steps: ['email_code'] }),
    })
    expect([noAddress.ending.resolution, noAddress.ending.cause]).toEqual([
      'delivery_failed',
      'contact_missing',
    ])
    const withheld = advance(atPause(), submits.continue, contextAt(late, { maySend: false }))
    if (withheld.kind !== 'moved') throw new Error('refused')
    expect([withheld.move.session.ending.resolution, withheld.move.effects]).toEqual(['delivery_failed', []])
  })

  it('begins with the tries that an earlier session used up', () => {
    const session = withCheckpoint(atPause(), { prior_failed_attempts: 4 })
    const asking = moved(session, submits.continue, late)
    expect(stateIn(asking, 'email_code')?.tries).toBe(4)
    expect(moved(asking, { action: 'respond', code: '000000' }, late).ending.resolution).toBe('code_failed')
  })
})

it('can be undone while unspent, unrevoked and in time', () => {
  const session = allowed()
  const { decision } = session
  if (decision === null) throw new Error('no decision')
  const table: [boolean, Session, number][] = [
    [true, session, decision.expires_at - 1],
    [false, session, decision.expires_at],
    [false, { ...session, decision: { ...decision, used_at: 1 } }, late],
    [false, { ...session, decision: { ...decision, revoked_at: 1 } }, late],
    [
      false,
      {
        ...session,
        ending: { ...session.ending, resolution: 'denied' },
      },
      late,
    ],
    [false, { ...session, decision: null }, late],
  ]
  for (const [expected, one, now] of table) expect(isUndoable(one, now)).toBe(expected)
})
