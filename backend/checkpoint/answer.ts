import type { StepError } from '#contract/session-view'
import type { Submit } from '#contract/step'
import type { Deps } from '../deps.ts'
import { busy } from '../errors.ts'
import type { HoldTrigger } from '../hold/open.ts'
import type { Session } from '../session/document.ts'
import { advance, wasStopped } from '../session/machine.ts'
import { type Advance, byPerson, type Move, type MoveContext } from '../session/move.ts'
import { notedOpening } from '../session/opened-elsewhere.ts'
import { pendingHold } from '../session/pending-hold.ts'
import { firstSignEntries } from '../session/shown.ts'
import { wouldJudge } from '../session/steps/email-code.ts'
import { noted, refusalNoted, withHold, written } from '../session/write.ts'
import { codeDigits, countForAlarm, hasTries, reserveSend, reserveTry, returnTry } from './limiting.ts'
import { noteReport } from './payees.ts'
import { policyOf } from './policies.ts'
import { recheckHold } from './recheck-hold.ts'
import {
  commit,
  findByKey,
  fingerprintOf,
  nowFor,
  organisationOf,
  sameText,
  sequenceOf,
  transitionAttempts,
} from './sessions.ts'
import { systemContext } from './system-context.ts'
import { noteAbandonment, noteStop, openHoldFor } from './user-holds.ts'

export type Answered =
  | { ok: true; session: Session; error: StepError | null }
  /** No session has this key: the same answer for unknown, foreign and purged. */
  | { ok: false; reason: 'unknown_session' }

/** Another writer was faster. `owed` is the hold that this answer opened before it lost the race. */
type Lost = { ok: false; reason: 'lost_race'; owed: HoldTrigger | null }

type Attempt = { session: Session; submit: Submit; now: number; fingerprint: string }

/**
 * One submit by the person at the checkpoint. `userAgent`: what their browser calls itself, null when it doesn't.
 *
 * Requirements: nothing is judged that was not counted; nothing is answered that was not written; a hold stands in the
 * user's holds before the session that opened it says so, and no step leads on under one; the loser of a race starts over on
 * what the winner wrote.
 */
export const answer = async (
  deps: Deps,
  sessionKey: string,
  stepToken: string,
  submit: Submit,
  userAgent: string | null = null,
): Promise<Answered> => {
  let owed: HoldTrigger | null = null
  for (let attempt = 0; attempt < transitionAttempts; attempt += 1) {
    const session: Session | null = await findByKey(deps, sessionKey)
    if (session === null) return { ok: false, reason: 'unknown_session' }
    const now = nowFor(deps, session)
    const fingerprint = fingerprintOf(deps, session, submit)

    const sequence = sequenceOf(deps, session, stepToken, fingerprint)
    if (sequence === 'repeat') return { ok: true, session, error: null }
    const answered: Written | Lost =
      owed !== null
        ? await breakAfterAll(deps, { session, submit, now, fingerprint }, owed)
        : sequence === 'stale'
          ? await refuse(deps, session, 'out_of_sequence', submit, now)
          : await transition(deps, { session, submit, now, fingerprint }, userAgent)
    if (answered.ok) return answered
    owed ??= answered.owed
  }
  throw busy('Too many answers at once. Wait a second and try again.')
}

type Written = Extract<Answered, { ok: true }>

const transition = async (
  deps: Deps,
  attempt: Attempt,
  userAgent: string | null,
): Promise<Written | Lost> => {
  const { submit, now } = attempt
  const { session, entries: opening } = notedOpening(attempt.session, userAgent)
  const entries = [...firstSignEntries(attempt.session, 'submit'), ...opening]
  const judgesCode = wouldJudge(session, submit, now)
  const mayJudgeCode = !judgesCode || (await reserveTry(deps, session))
  const context = await contextFor(deps, session, now, mayJudgeCode)
  const advanced = await advanceWithinLimits(deps, session, submit, context)

  if (advanced.kind === 'refused') return refuse(deps, attempt.session, advanced.error, submit, now)
  const allowed = await recheckHold(deps, session, advanced.move, context)
  const move = await withHoldOpened(deps, { ...allowed, entries: [...entries, ...allowed.entries] }, now)
  if (session.report === null && move.session.report !== null) await noteReport(deps, session, now)
  const next = await commit(deps, written(move, now, attempt.fingerprint), session)
  if (next === null) return { ok: false, reason: 'lost_race', owed: advanced.move.hold }
  if (judgesCode && mayJudgeCode) await settleTry(deps, session, next)
  return { ok: true, session: next, error: move.error }
}

/** The answer of somebody who was overtaken between the hold and the session: it counts all the same. */
const breakAfterAll = async (deps: Deps, attempt: Attempt, owed: HoldTrigger): Promise<Written | Lost> => {
  const { session, submit, now, fingerprint } = attempt
  const entry = byPerson(session, 'answer.overtaken', {
    submitted: submit.action,
    answer: 'answer' in submit ? submit.answer : null,
  })
  const broken = pendingHold(session, owed, await systemContext(deps, session, now))
  const move = await withHoldOpened(deps, { ...broken, entries: [entry, ...broken.entries] }, now)
  // Whoever was faster may have found this very hold, and ended the session by it.
  const isDone = session.cause !== 'held' && isSameHold(session.hold, move.session.hold)
  const outcome = isDone ? noted(session, [entry], now) : written(move, now, fingerprint)
  const next = await commit(deps, outcome, session)
  return next === null ? { ok: false, reason: 'lost_race', owed } : { ok: true, session: next, error: null }
}

const isSameHold = (a: Session['hold'], b: Session['hold']): boolean =>
  a !== null && b !== null && a.id === b.id && a.ends_at === b.ends_at

const contextFor = async (
  deps: Deps,
  session: Session,
  now: number,
  mayJudgeCode: boolean,
): Promise<MoveContext> => ({
  now,
  policy: await policyOf(deps, session),
  codeMatches: (judged, code) => sameText(code, expectedCode(deps, judged)),
  mayJudgeCode,
  maySendCode: true,
  codeDigits: await codeDigits(deps, session),
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
  const wished = advance(session, submit, context)
  if (wished.kind === 'refused') return wished
  const send = wished.move.effects.find((effect) => effect.kind === 'code_mail')
  if (send === undefined) return wished
  if (!(await hasTries(deps, session))) return advance(session, submit, { ...context, mayJudgeCode: false })
  if (await reserveSend(deps, session, send.generation)) return wished
  return advance(session, submit, { ...context, maySendCode: false })
}

/** Opens the hold that the move calls for, or that a third abandonment amounts to, before the move is written. */
export const withHoldOpened = async (deps: Deps, move: Move, now: number): Promise<Move> => {
  if (wasStopped(move.session)) await noteStop(deps, move.session, now)
  const trigger =
    move.hold ?? (move.abandoned && (await noteAbandonment(deps, move.session, now)) ? 'abandoned' : null)
  if (trigger === null) return move
  const organisation = await organisationOf(deps, move.session)
  return withHold(move, await openHoldFor(deps, organisation, move.session, trigger, now))
}

/** A right code costs no try; a wrong one counts towards the organisation's alarm. */
const settleTry = async (deps: Deps, before: Session, after: Session): Promise<void> => {
  const isRight = after.resolution !== 'code_failed' && after.code?.tries === before.code?.tries
  deps.metrics.codeChecks.inc({ result: isRight ? 'accepted' : 'rejected' })
  if (isRight) await returnTry(deps, before)
  else await countForAlarm(deps, before)
}

const refuse = async (
  deps: Deps,
  session: Session,
  error: StepError,
  submit: Submit,
  now: number,
): Promise<Written | Lost> => {
  const note = refusalNoted(session, error, submit.action, now)
  if (note === null) return { ok: true, session, error }
  const next = await commit(deps, note, session)
  return next === null ? { ok: false, reason: 'lost_race', owed: null } : { ok: true, session: next, error }
}

/** The code of the newest message; a test key may have fixed it. */
const expectedCode = (deps: Deps, session: Session): string => {
  if (session.test?.code != null) return session.test.code
  return deps.secrets.code(
    session,
    session.action_digest,
    session.code?.generation ?? 0,
    session.code?.digits ?? 6,
  )
}
