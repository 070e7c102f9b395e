import type { BoundField, Redemption, VerifyAnswer, VerifyCode } from '#contract/decision'
import type { EndCode } from '#contract/outcome'
import { bySystem } from '../audit/actors.ts'
import type { Deps } from '../deps.ts'
import type { Hold } from '../hold/user-holds.ts'
import { LostRace } from '../repositories/lost-race.ts'
import { payeeOf, readPayee } from '../repositories/payees.ts'
import { startingWith } from '../repositories/sessions.ts'
import { coveringHold } from '../repositories/user-holds.ts'
import { reportReputation } from '../risk/payee-reports.ts'
import type { Session } from '../session/document.ts'
import { newIncident } from '../session/endings.ts'
import { incidentFor } from '../session/incident-for.ts'
import { type Move, moveTo } from '../session/move.ts'
import { holdNoticeOf, underHold } from '../session/session-hold.ts'
import { caseOfHold } from './case-of-hold.ts'
import { changeSession } from './change-session.ts'
import { claim, unclaim } from './claim.ts'

/** What the caller of `redeem` hears: the answer to a spent token, judged once and kept, and every refusal. */

/** Refused uses are written down up to `refusedUsesKept`, so no more than these and a few of the relay can come between. */
const settleAttempts = 32

/**
 * Reads the user's holds and the payee's memory after the token was spent. A hold that covers the action by now, or a payee that was
 * confirmed as a scam's since it was judged, turns the answer, and it stays turned; so does another try of the same payment
 * that went out meanwhile. A payment that goes ahead teaches the profile. The token is burnt already, so a lost race is run
 * again here: sending the caller back to the start would tell them that their own token is used.
 */
export const settle = async (deps: Deps, spent: Session, replayed: boolean): Promise<VerifyAnswer> => {
  const settled = await changeSession<VerifyAnswer>(
    deps,
    startingWith(deps, spent),
    async (session, now) => {
      const redemption = session.decision?.redemption ?? null
      if (redemption !== null) return { answer: answerOf(session, redemption, replayed) }
      return {
        move: await decideRedemption(deps, session, now),
        reply: (next) => answerOf(next, next.decision?.redemption ?? 'held', replayed),
      }
    },
    settleAttempts,
  )
  if (settled.ok) return settled.answer
  throw new LostRace('decision')
}

const decideRedemption = async (deps: Deps, session: Session, now: number): Promise<Move> => {
  const hold = await coveringHold(deps, session, now)
  const isScams = hold === null && (await wasConfirmedSince(deps, session, now))
  const isStopped = hold !== null || isScams
  if (isStopped) await unclaim(deps, session)
  const claimed = isStopped ? null : await claim(deps, session, now)
  const redemption = claimed?.ok === true ? 'valid' : 'held'
  const decision = session.decision === null ? null : ({ ...session.decision, redemption } as const)
  const decided: Session = { ...session, decision }
  const meta = {
    redemption: claimed?.ok === false ? 'revoked' : redemption,
    hold: hold?.id ?? null,
    payee_confirmed: isScams,
    ...(claimed?.ok === false ? { went_out_instead: claimed.instead } : {}),
  }
  const next =
    hold !== null
      ? held(decided, hold, await caseOfHold(deps, session, hold))
      : isScams
        ? withheld(decided)
        : redemption === 'held'
          ? doubled(decided, now)
          : decided
  return moveTo(next, {
    entries: [bySystem('decision.answered', meta)],
    effects: redemption === 'valid' ? [{ kind: 'learn' }] : isScams ? [...newIncident] : [],
  })
}

/**
 * Whether the payee was confirmed as a scam's after this attempt had been judged. Read, as the holds are, after the token was
 * spent. Where nothing is enforced, it would have been allowed under that confirmation too.
 */
const wasConfirmedSince = async (deps: Deps, session: Session, now: number): Promise<boolean> => {
  const { payee_reputation, observed } = session.evaluation
  const ref = payee_reputation === 'confirmed' || observed !== null ? null : payeeOf(session)
  return ref !== null && reportReputation(await readPayee(deps, ref), now).confirmed
}

/** Nothing was sent; there is a case that the person can name. The next attempt is judged with what is known by now. */
const withheld = (session: Session): Session => ({
  ...session,
  ending: { ...session.ending, outcome: 'block_escalate', resolution: 'blocked', cause: 'blocked' },
  consequences: { ...session.consequences, incident_id: incidentFor(session) },
})

/** Another try of the same payment went out: this one is taken back, and whoever wants to pay twice begins anew. */
const doubled = (session: Session, now: number): Session => ({
  ...session,
  ending: { ...session.ending, outcome: 'block_escalate', resolution: 'cancelled', cause: null },
  decision: session.decision && { ...session.decision, revoked_at: now },
})

/** What the page says from now on: the hold, and not that the person can go on. */
const held = (session: Session, hold: Hold, caseReference: string): Session => ({
  ...underHold(session, hold, caseReference),
  ending: { ...session.ending, outcome: 'block_escalate', resolution: 'blocked', cause: 'held' },
})

const answerOf = (session: Session, redemption: Redemption, replayed: boolean): VerifyAnswer => {
  const refused = session.decision?.revoked_at === null ? 'held' : 'revoked'
  const answer = redemption === 'held' ? refusal(refused, session) : accepted(session)
  return replayed ? { ...answer, replayed: true } : answer
}

const accepted = (session: Session): VerifyAnswer => ({
  valid: true,
  outcome: 'allow',
  event_id: session.request.event_id,
  session_id: session._id,
  used_at: timeOrNull(session.decision?.used_at ?? null),
  ...(session.environment === 'test' ? { test: true } : {}),
})

/** What helps the caller to understand a refusal, beside its code. */
type Explanation = { mismatched?: BoundField[]; revoked_because?: EndCode }

/** Why the action must not be carried out. `session`: null when there is none of the caller's. */
export const refusal = (
  code: VerifyCode,
  session: Session | null,
  explanation: Explanation = {},
): VerifyAnswer => ({
  valid: false,
  outcome: session?.ending.outcome ?? null,
  code,
  ...explanation,
  ...(session?.consequences.hold == null ? {} : { hold: holdNoticeOf(session.consequences.hold) }),
  event_id: session?.request.event_id ?? null,
  session_id: session?._id ?? null,
  used_at: timeOrNull(session?.decision?.used_at ?? null),
  ...(session?.environment === 'test' ? { test: true } : {}),
})

const timeOrNull = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString())
