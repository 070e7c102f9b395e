import type { StepError } from '#contract/step'
import type { Submit } from '#contract/submit'
import type { Deps } from '../deps.ts'
import type { HoldTrigger } from '../hold/open.ts'
import { codeOf } from '../repositories/code-of.ts'
import { type Busy, busy, refusingLostRaces } from '../repositories/lost-race.ts'
import { noteReport } from '../repositories/payees.ts'
import { policyOf } from '../repositories/policies.ts'
import { fingerprintOf, sameText, sequenceOf } from '../repositories/session-tokens.ts'
import { findByKey } from '../repositories/sessions.ts'
import type { Session } from '../session/document.ts'
import { failedGuessesAt, isGuessAt } from '../session/life-of.ts'
import { advance } from '../session/machine.ts'
import { type Advance, byPerson, type MoveContext, moveTo } from '../session/move.ts'
import { notedOpening } from '../session/opened-elsewhere.ts'
import { pendingHold } from '../session/pending-hold.ts'
import { firstSignEntries } from '../session/shown.ts'
import { refusalMove } from '../session/write.ts'
import { changeSession, type SessionStep } from '../transitions/change-session.ts'
import {
  countForAlarm,
  hasTries,
  isAlarmed,
  reserveSend,
  reserveTry,
  returnTry,
} from '../transitions/limiting.ts'
import { withHoldOpened } from '../transitions/open-hold.ts'
import { systemContext } from '../transitions/system-context.ts'

export type Answered =
  | { ok: true; session: Session; error: StepError | null }
  /** `unknown_session`: no session has this key. The same answer for unknown, foreign and purged. */
  | { ok: false; reason: 'unknown_session' }
  | Busy

type Answer = { session: Session; error: StepError | null }

type Attempt = { session: Session; submit: Submit; now: number; fingerprint: string }

/**
 * One submit by the person at the checkpoint. `userAgent`: what their browser calls itself, null when it doesn't.
 *
 * Requirements: nothing is evaluated that was not counted; nothing is answered that was not written; a hold is opened
 * before the session that opened it says so, and no step leads on under one; the loser of a race starts over on what the
 * winner wrote.
 */
export const answer = (
  deps: Deps,
  sessionKey: string,
  stepToken: string,
  submit: Submit,
  userAgent: string | null = null,
): Promise<Answered> =>
  refusingLostRaces(async () => {
    // The hold that this answer opened before it lost a race.
    let opened: HoldTrigger | null = null
    const changed = await changeSession<Answer>(
      deps,
      () => findByKey(deps, sessionKey),
      async (session, now) => {
        const fingerprint = fingerprintOf(deps, session, submit)
        const sequence = sequenceOf(deps, session, stepToken, fingerprint)
        if (sequence === 'repeat') return { answer: { session, error: null } }
        const attempt = { session, submit, now, fingerprint }
        if (opened !== null) return breakAfterAll(deps, attempt, opened)
        if (sequence === 'stale') return refuse(session, 'out_of_sequence', submit)
        const step = await transition(deps, attempt, userAgent)
        opened = 'move' in step ? step.move.hold : null
        return step
      },
    )
    if (changed.ok) return { ok: true, ...changed.answer }
    return changed.reason === 'busy' ? busy('answers') : { ok: false, reason: 'unknown_session' }
  })

const transition = async (
  deps: Deps,
  { session: found, submit, now, fingerprint }: Attempt,
  userAgent: string | null,
): Promise<SessionStep<Answer>> => {
  const { session, entries: opening } = notedOpening(found, userAgent)
  const isGuess = isGuessAt(session, submit, now)
  const mayJudge = !isGuess || (await reserveTry(deps, session))
  const context = await contextFor(deps, session, now, mayJudge)
  const advanced = await advanceWithinLimits(deps, session, submit, context)

  if (advanced.kind === 'refused') return refuse(found, advanced.error, submit)
  return {
    move: advanced.move,
    from: session,
    entries: [...firstSignEntries(found, 'submit'), ...opening],
    recheck: context,
    submit: fingerprint,
    before: async (move) => {
      if (session.consequences.report === null && move.session.consequences.report !== null)
        await noteReport(deps, session, now)
    },
    reply: async (next, { error }) => {
      if (isGuess && mayJudge) await settleTry(deps, session, next)
      return { session: next, error }
    },
  }
}

/** The answer of somebody who was overtaken between the hold and the session: it counts all the same. */
const breakAfterAll = async (
  deps: Deps,
  { session, submit, now, fingerprint }: Attempt,
  opened: HoldTrigger,
): Promise<SessionStep<Answer>> => {
  const entry = byPerson(session, 'answer.overtaken', {
    submitted: submit.action,
    answer: 'answer' in submit ? submit.answer : null,
  })
  const broken = pendingHold(session, opened, await systemContext(deps, session, now))
  const move = await withHoldOpened(deps, session, broken, now)
  const reply = (next: Session): Answer => ({ session: next, error: null })
  // Whoever was faster may have found this very hold, and ended the session by it.
  const isDone =
    session.ending.cause !== 'held' && isSameHold(session.consequences.hold, move.session.consequences.hold)
  return isDone
    ? { move: moveTo(session, { entries: [entry] }), reply }
    : { move, entries: [entry], submit: fingerprint, reply }
}

const isSameHold = (a: Session['consequences']['hold'], b: Session['consequences']['hold']): boolean =>
  a !== null && b !== null && a.id === b.id && a.ends_at === b.ends_at

const contextFor = async (
  deps: Deps,
  session: Session,
  now: number,
  mayJudge: boolean,
): Promise<MoveContext> => ({
  now,
  policy: await policyOf(deps, session),
  codeMatches: (binding, code) => sameText(code, codeOf(deps, binding)),
  mayJudge,
  hasTries: true,
  maySend: true,
  isAlarmed: await isAlarmed(deps, session),
  jti: deps.random(16).toString('base64url'),
  masterKid: deps.secrets.masterKid,
})

/** The machine is pure, so it may be asked twice: once to see whether a message would go out, and again if none may. */
const advanceWithinLimits = async (
  deps: Deps,
  session: Session,
  submit: Submit,
  context: MoveContext,
): Promise<Advance> => {
  const wanted = advance(session, submit, context)
  if (wanted.kind === 'refused') return wanted
  const send = wanted.move.effects.find((effect) => effect.kind === 'step_message')
  if (send === undefined) return wanted
  if (!(await hasTries(deps, session, send.step)))
    return advance(session, submit, { ...context, hasTries: false })
  if (await reserveSend(deps, session, send.step, send.generation)) return wanted
  return advance(session, submit, { ...context, maySend: false })
}

/** A right guess costs no try; a wrong one counts towards the organisation's alarm. */
const settleTry = async (deps: Deps, before: Session, after: Session): Promise<void> => {
  const { position } = before.checkpoint
  const isRight =
    after.ending.resolution !== 'code_failed' &&
    failedGuessesAt(after, position) === failedGuessesAt(before, position)
  deps.metrics.codeChecks.inc({ result: isRight ? 'accepted' : 'rejected' })
  if (isRight) await returnTry(deps, before)
  else await countForAlarm(deps, before)
}

const refuse = (session: Session, error: StepError, submit: Submit): SessionStep<Answer> => {
  const move = refusalMove(session, error, submit.action)
  return move === null
    ? { answer: { session, error } }
    : { move, reply: (next) => ({ session: next, error }) }
}
