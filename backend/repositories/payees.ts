import { dayMs } from '#contract/durations'
import type { NormalisedEvent } from '#contract/normalised-event'
import type { Deps } from '../deps.ts'
import {
  addReport,
  confirmByResult,
  countsReportOf,
  emptyPayeeReports,
  notePastPayment,
  type PayeeReputation,
  reportReputation,
  takeBackResult,
  unknownPayee,
} from '../risk/payee-reports.ts'
import type { PayeeReports } from '../risk/payee-reports-document.ts'
import { actionPolicy, type Policy } from '../risk/policy.ts'
import type { Session } from '../session/document.ts'
import { changeDocument } from '../store/change.ts'
import { LostRace } from './lost-race.ts'

/**
 * The memory of a payee, across everybody who pays them. Like a hold it is written before the session that says so,
 * within the request: the next ingest of anybody sees it. Each change is idempotent, so a crash in between costs nothing.
 */

/** A payee of one organisation in one environment, by keyed digest. */
export type PayeeRef = { org_id: string; payee_key: string }

/** The payee of a session that moves money; null when it names none, or names one beside another kind of action. */
export const payeeOf = ({ org_id, event, evaluation: { assessment } }: Session): PayeeRef | null =>
  event.keys.payee === null || assessment.family !== 'money_out'
    ? null
    : { org_id, payee_key: event.keys.payee }

const payeeIdOf = (payeeKey: string): string => `pye_${payeeKey}`

/** The memory of a payee, or null when nobody has ever reported them. */
export const readPayee = (deps: Deps, { org_id, payee_key }: PayeeRef): Promise<PayeeReports | null> =>
  deps.collections.payees.get(org_id, payeeIdOf(payee_key))

/** Changes a payee's memory by a pure function. Throws `LostRace` after too many. */
export const changePayee = async (
  deps: Deps,
  { org_id, payee_key }: PayeeRef,
  change: (memory: PayeeReports) => PayeeReports,
): Promise<PayeeReports> => {
  const ref = { org_id, _id: payeeIdOf(payee_key) }
  const changed = await changeDocument(
    deps.collections.payees,
    ref,
    () => emptyPayeeReports(ref._id, org_id),
    change,
  )
  if (!changed.ok) throw new LostRace('payee')
  return changed.doc
}

/**
 * What a person reported, or a site that may not say it in full. The age of their account is what it was at that moment.
 * Answers whether the report counts.
 */
export const noteReport = async (deps: Deps, session: Session, now: number): Promise<boolean> => {
  const ref = payeeOf(session)
  if (ref === null) return false
  const { created_at: createdAt } = session.event.user
  const memory = await changePayee(deps, ref, (memory) =>
    addReport(memory, {
      session_id: session._id,
      reporter: session.event.keys.user,
      account_days: createdAt === null ? null : Math.floor((now - createdAt) / dayMs),
      at: now,
    }),
  )
  return countsReportOf(memory, session._id, now)
}

/** What the site's own result says: this payee is a scam's. Answers whether there is one to say it of. */
export const confirmPayee = async (
  deps: Deps,
  session: Session,
  by: string,
  now: number,
): Promise<boolean> => {
  const ref = payeeOf(session)
  if (ref === null) return false
  const incident_id = session.consequences.incident_id ?? session.consequences.own_incident_id
  await changePayee(deps, ref, (memory) => confirmByResult(memory, { incident_id, by, at: now }))
  return true
}

/** Takes back what the same key said by a result; what the person themselves reported stays. */
export const unconfirmPayee = async (
  deps: Deps,
  session: Session,
  by: string,
  now: number,
): Promise<void> => {
  const ref = payeeOf(session)
  if (ref === null) return
  await changePayee(deps, ref, (memory) =>
    takeBackResult(memory, {
      incident_id: session.consequences.incident_id ?? session.consequences.own_incident_id,
      by,
      session_id: session.consequences.report === null ? session._id : null,
      at: now,
    }),
  )
}

/** What the site's history says: this payee was paid then. */
export const notePaidBefore = async (deps: Deps, ref: PayeeRef, at: number): Promise<void> => {
  await changePayee(deps, ref, (memory) => notePastPayment(memory, at, deps.clock()))
}

const weekMs = 7 * dayMs
/** Enough to tell a few payers from many; more would cost every ingest, and change nothing. */
const sessionsOfWeekRead = 12

/**
 * What an attempt is judged by. Reads the payee's memory and, in the index of sessions by payee, the first attempt of
 * anybody; only for a payee of this week also the latest few, to count people. When they came is what counts: an event
 * that is dated back makes no payee old. What the site's history says does, so an old payee isn't new because we are.
 */
export const readPayeeReputation = async (
  deps: Deps,
  orgId: string,
  event: NormalisedEvent,
  policy: Policy,
  now: number,
): Promise<PayeeReputation> => {
  const { payee } = event.keys
  if (payee === null || actionPolicy(policy, event).family !== 'money_out') return unknownPayee
  const byPayee = {
    index: 'payee',
    org_id: orgId,
    equals: [payee],
    // They are other people's: one that can't be read must not stop this one.
    onUnreadable: (err: Error) => deps.log.error({ err }, 'a session can’t be read and counts for no payee'),
  }
  const [memory, [first]] = await Promise.all([
    readPayee(deps, { org_id: orgId, payee_key: payee }),
    deps.attempts.findLines({ ...byPayee, order: 'ascending', limit: 1 }),
  ])
  const reported = reportReputation(memory, now)
  const seen = [memory?.first_paid_at ?? null, first?.summary.created_at ?? null].filter((at) => at !== null)
  if (seen.length === 0) return { ...unknownPayee, ...reported, other_users_week: 0 }
  const firstSeenAt = Math.min(...seen)
  if (now - firstSeenAt >= weekMs) return { ...unknownPayee, ...reported, first_seen_at: firstSeenAt }
  const latest = await deps.attempts.findLines({
    ...byPayee,
    from: now - weekMs,
    order: 'descending',
    limit: sessionsOfWeekRead,
  })
  const others = latest.filter(
    ({ summary, user_key }) => summary.family === 'money_out' && user_key !== event.keys.user,
  )
  return {
    ...reported,
    first_seen_at: firstSeenAt,
    other_users_week: new Set(others.map(({ user_key }) => user_key)).size,
  }
}
