import type { ExpectedAction, VerifyAnswer, VerifyCode, VerifyRequest } from '#contract/decision'
import { bySite } from '../audit/actors.ts'
import type { EntryDraft } from '../audit/entry.ts'
import type { Deps } from '../deps.ts'
import { actionOfExpected, boundByEvent, boundByExpected, differingFields } from '../intake/digest.ts'
import type { Caller } from '../org/caller.ts'
import { digestKeyOf } from '../repositories/identity.ts'
import { type Busy, LostRace, refusingLostRaces } from '../repositories/lost-race.ts'
import { sessionOfCaller, startingWith } from '../repositories/sessions.ts'
import { coveringHold } from '../repositories/user-holds.ts'
import { digestUnder, sha256 } from '../secrets.ts'
import type { DecisionState, Session } from '../session/document.ts'
import { endCodeOf } from '../session/end-code.ts'
import { moveTo } from '../session/move.ts'
import { cameToNothing } from '../session/results.ts'
import { type DecisionClaims, readDecision } from '../session/token.ts'
import { changeSession, type SessionStep } from '../transitions/change-session.ts'
import { observeContext } from '../transitions/observe-context.ts'
import { refusal, settle } from '../transitions/settle.ts'

/**
 * Spends a decision: `valid: true` is said once, for exactly the action that was judged, and means *carry it out now*.
 *
 * Single use is one conditional write, keyed on the session's version: whoever writes `used_at` first has spent it. The
 * user's holds are read after that write, so a hold opened meanwhile wins and the token is burnt. The same idempotency key gets
 * the same answer again, because a lost reply must not cost the customer their action; a `valid` alone is not repeated
 * under a hold that was opened since.
 */
export const redeem = (deps: Deps, caller: Caller, request: VerifyRequest): Promise<Redeemed> =>
  refusingLostRaces(async () => {
    const found = await locate(deps, caller, request)
    const answered = found.ok ? await spendInTurn(deps, caller, request, found) : refusal(found.code, null)
    deps.metrics.verifyAnswers.inc({ answer: answered.code ?? 'valid' })
    return { ok: true, answer: answered }
  })

/** What the site hears, whether valid or not; or that others keep changing the decision. */
export type Redeemed = { ok: true; answer: VerifyAnswer } | Busy

const spendInTurn = async (
  deps: Deps,
  caller: Caller,
  request: VerifyRequest,
  found: Found,
): Promise<VerifyAnswer> => {
  const spent = await changeSession<VerifyAnswer>(
    deps,
    sessionOfCaller(deps, caller, found.sessionId),
    (session, now) => spend(deps, caller, request, { session, claims: found.claims, now }),
  )
  if (spent.ok) return spent.answer
  if (spent.reason === 'unknown_session') return refusal('invalid', null)
  throw new LostRace('decision')
}

/** `claims`: what the token said; null when the site named the session itself. */
type Found = { sessionId: string; claims: DecisionClaims | null }
type Located = ({ ok: true } & Found) | { ok: false; code: VerifyCode }

const locate = async (deps: Deps, caller: Caller, request: VerifyRequest): Promise<Located> => {
  if (request.session_id !== undefined) return { ok: true, sessionId: request.session_id, claims: null }
  const reading = await readDecision(request.token ?? '', {
    orgId: caller.org._id,
    environment: caller.environment,
    now: deps.clock(),
    keyFor: (kid) => deps.secrets.signingKey(kid, caller.org._id, caller.environment),
  })
  return reading.ok
    ? { ok: true, sessionId: reading.claims.session_id, claims: reading.claims }
    : { ok: false, code: reading.code }
}

/** Whether the token says what this session's decision says: a signature over anything else is not one that we made. */
const isOf = (claims: DecisionClaims, session: Session, decision: DecisionState): boolean =>
  claims.jti === decision.jti &&
  claims.outcome === decision.outcome &&
  claims.act === session.request.action_digest &&
  claims.iat * 1000 === decision.issued_at &&
  claims.exp * 1000 === decision.expires_at

type Spending = { session: Session; claims: DecisionClaims | null; now: number }

/** What follows from the session as it is now: a refusal, the repeated answer, or the one write that spends the decision. */
const spend = async (
  deps: Deps,
  caller: Caller,
  request: VerifyRequest,
  { session, claims, now }: Spending,
): Promise<SessionStep<VerifyAnswer>> => {
  const { decision } = session
  const ended = endCodeOf(session, now)
  // Without a decision there is no token that could be this session's.
  if (decision === null)
    return {
      answer: claims === null && ended !== null ? refusal(ended, session) : refusal('invalid', null),
    }
  if (claims !== null && !isOf(claims, session, decision)) return { answer: refusal('invalid', null) }

  const usedWith =
    request.idempotency_key === undefined ? null : sha256(`${caller.key_id} ${request.idempotency_key}`)
  const key = digestKeyOf(deps, caller.org)
  const isSameAction =
    digestUnder(key, 'action', actionOfExpected(request.expected)) === session.request.action_digest

  if (decision.used_at !== null)
    return { answer: await repeated(deps, caller, session, { usedWith, isSameAction, now }) }
  if (decision.revoked_at !== null)
    return { answer: refusal('revoked', session, ended === null ? {} : { revoked_because: ended }) }
  if (ended !== null) return { answer: refusal(ended, session) }
  if (now >= decision.expires_at) return { answer: refusal('expired', session) }
  if (!isSameAction) return { answer: await mismatch(deps, caller, session, request.expected) }
  const { context } = request
  if (context != null) {
    const observed = await changeSession(
      deps,
      startingWith(deps, session),
      (found, at) => observeContext(deps, found, at, context, caller.key_id),
      1,
    )
    if (!observed.ok) return { again: true }
    if (observed.answer.decision?.revoked_at !== null) return { answer: refusal('held', observed.answer) }
    if (observed.answer.version !== session.version) return { again: true }
  }
  return {
    move: moveTo(
      { ...session, decision: { ...decision, used_at: now, used_with: usedWith } },
      { entries: [bySite(caller.key_id, 'decision.used', { jti: decision.jti })] },
    ),
    reply: (written) => settle(deps, written, false),
  }
}

type Repetition = { usedWith: string | null; isSameAction: boolean; now: number }

/** A spent token: the caller that spent it may hear the answer again; everybody else hears that it is spent. */
const repeated = (
  deps: Deps,
  caller: Caller,
  session: Session,
  repetition: Repetition,
): Promise<VerifyAnswer> => {
  const { decision } = session
  const isRetry = repetition.usedWith !== null && repetition.usedWith === decision?.used_with
  if (isRetry && repetition.isSameAction && repetition.now < (decision?.expires_at ?? 0))
    return sayAgain(deps, caller, session, repetition.now)
  return alreadyUsed(deps, caller, session)
}

/**
 * The answer to a spent token, once more. Whoever asks again has not acted on the first answer, or doesn't know: a
 * `valid` is not repeated under a hold that was opened since, nor of a payment that was reported as failed.
 */
const sayAgain = async (deps: Deps, caller: Caller, session: Session, now: number): Promise<VerifyAnswer> => {
  const answered = await settle(deps, session, true)
  // The site itself said that nothing came of it, and others were judged without it since.
  if (answered.valid && cameToNothing(session)) return alreadyUsed(deps, caller, session)
  if (!answered.valid || (await coveringHold(deps, session, now)) === null) return answered
  await noteRefusedUse(deps, caller, session, { code: 'held' })
  return { ...refusal('held', session), replayed: true }
}

const alreadyUsed = async (deps: Deps, caller: Caller, session: Session): Promise<VerifyAnswer> => {
  await noteRefusedUse(deps, caller, session, { code: 'already_used' })
  return refusal('already_used', session)
}

/** Another action than the judged one: refused and written down; the token stays good for the action it was made for. */
const mismatch = async (
  deps: Deps,
  caller: Caller,
  session: Session,
  expected: ExpectedAction,
): Promise<VerifyAnswer> => {
  const mismatched = differingFields(boundByEvent(session.event), boundByExpected(expected))
  const meta = {
    code: 'action_mismatch',
    action: expected.action,
    amount: expected.amount ?? null,
    mismatched,
  }
  await noteRefusedUse(deps, caller, session, meta)
  return refusal('action_mismatch', session, { mismatched })
}

const refusedUsesKept = 20

/** Writes a refused use down, up to a bound; losing this race to another writer loses an entry, never a decision. */
const noteRefusedUse = async (
  deps: Deps,
  caller: Caller,
  session: Session,
  meta: EntryDraft['meta'],
): Promise<void> => {
  const action = 'decision.use_refused'
  const kept = session.audit.entries.filter((entry) => entry.action === action).length
  if (kept >= refusedUsesKept) return
  const move = moveTo(session, { entries: [bySite(caller.key_id, action, meta)] })
  await changeSession<null>(deps, startingWith(deps, session), () => ({ move, reply: () => null }), 1)
}
