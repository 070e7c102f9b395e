import { dayMs } from '#contract/durations'
import type { NormalisedEvent } from '#contract/normalised-event'
import type { Deps } from '../deps.ts'
import type { Payee } from '../risk/payee-document.ts'
import { hasPaidForLong, learnAttempts, learnPayments, type Payment } from '../risk/payee-payments.ts'
import {
  addReport,
  confirmByResult,
  countsReportOf,
  emptyPayee,
  reportersOf,
  takeBackResult,
} from '../risk/payee-reports.ts'
import { type PayeeReputation, reputationOf, unknownPayee } from '../risk/payee-reputation.ts'
import { actionPolicy, type Policy } from '../risk/policy.ts'
import { fateOf, type StoredAttempt } from '../session/attempt.ts'
import type { Session } from '../session/document.ts'
import { incidentFor } from '../session/incident-for.ts'
import { changeDocument, inTurn } from '../store/change.ts'
import { payerOf } from './identity.ts'
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

/** The memory of a payee, or null when nobody has ever paid them, tried to, or reported them. */
export const readPayee = (deps: Deps, { org_id, payee_key }: PayeeRef): Promise<Payee | null> =>
  deps.collections.payees.get(org_id, payeeIdOf(payee_key))

type Change = (memory: Payee) => Payee

/** Changes of this process that wait for their turn at one payee: the next write takes all of them. */
type Batch = { changes: Change[]; written: Promise<Payee> }
const waiting = new WeakMap<object, Map<string, Batch>>()

/**
 * Changes a payee's memory by a pure function. However many people of one process pay a payee at once, they wait for one
 * write under way and share the next. Throws `LostRace` after too many races against other processes.
 */
export const changePayee = (deps: Deps, { org_id, payee_key }: PayeeRef, change: Change): Promise<Payee> => {
  const { payees } = deps.collections
  const batches = waiting.get(payees) ?? new Map<string, Batch>()
  waiting.set(payees, batches)
  const _id = payeeIdOf(payee_key)
  const joined = batches.get(_id)
  if (joined !== undefined) {
    joined.changes.push(change)
    return joined.written
  }
  const changes = [change]
  const written = inTurn(batches, _id, () => {
    batches.delete(_id)
    return write(deps, { org_id, _id }, (memory) => changes.reduce((now, next) => next(now), memory))
  })
  batches.set(_id, { changes, written })
  return written
}

/** Times eight races: with as many processes as a machine has, nobody loses them all. */
const rounds = 4

const write = async (deps: Deps, ref: { org_id: string; _id: string }, change: Change): Promise<Payee> => {
  for (let round = 0; round < rounds; round += 1) {
    const changed = await changeDocument(
      deps.collections.payees,
      ref,
      () => emptyPayee(ref._id, ref.org_id),
      change,
    )
    if (changed.ok) return changed.doc
  }
  throw new LostRace('payee')
}

/** Somebody's payment: who, by their keyed digest, and when. */
export type Paid = { user_key: string; at: number }

/**
 * Teaches payments to one payee that went out, in one write, or in none if nothing is new. `at`: when they arrived, or when
 * they were made as the site's history says. The same payments again teach nothing.
 */
export const teachPayee = async (deps: Deps, ref: PayeeRef, payments: readonly Paid[]): Promise<void> => {
  const now = deps.clock()
  const paid = payments.map((one) => paymentTo(ref.payee_key, one))
  await changePayee(deps, ref, (memory) => learnPayments(memory, paid, now))
}

const paymentTo = (payeeKey: string, { user_key, at }: Paid): Payment => ({
  payer: payerOf(payeeKey, user_key),
  at,
})

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
  const said = { incident_id: incidentFor(session), by, at: now }
  await changePayee(deps, ref, (memory) => confirmByResult(memory, said))
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
      incident_id: incidentFor(session),
      by,
      session_id: session.consequences.report === null ? session._id : null,
      at: now,
    }),
  )
}

/** What an attempt is judged by, and how it is noted: whatever becomes of it, the payee's next payers meet it. */
export type MetPayee = { reputation: PayeeReputation; note: () => Promise<void> }

/**
 * What the organisation remembers of an event's payee. The attempt itself is noted beside the evaluation, by `note`: it rests
 * on nothing that the evaluation finds.
 */
export const meetPayee = async (
  deps: Deps,
  orgId: string,
  event: NormalisedEvent,
  policy: Policy,
  now: number,
): Promise<MetPayee> => {
  const { payee, user } = event.keys
  if (payee === null || actionPolicy(policy, event).family !== 'money_out')
    return { reputation: unknownPayee, note: () => Promise.resolve() }
  const ref = { org_id: orgId, payee_key: payee }
  const attempt = paymentTo(payee, { user_key: user, at: now })
  const stored = await readPayee(deps, ref)
  const before = stored ?? emptyPayee(payeeIdOf(payee), orgId)
  const readSessions = before.sessions_read ? unchanged : await sessionsOfBefore(deps, ref, now)
  const memory = readSessions(before)
  const noted: Change = (found) => learnAttempts(readSessions(found), [attempt], now)
  // Who has paid this payee for long joins no crowd by trying; that they paid again will be learned.
  const isNoNews =
    before.sessions_read && (hasPaidForLong(before, attempt.payer, now) || noted(before) === before)
  return {
    reputation: reputationOf(memory, attempt.payer, now, reportersIn(payee, memory)),
    note: () => (isNoNews ? Promise.resolve() : noteAttempt(deps, ref, noted)),
  }
}

const reportersIn = (payeeKey: string, memory: Payee): Set<string> =>
  new Set(reportersOf(memory).map((reporter) => payerOf(payeeKey, reporter)))

const unchanged: Change = (memory) => memory

/** One attempt among so many that its write lost every race changes nothing: those that won make the same crowd. */
const noteAttempt = async (deps: Deps, ref: PayeeRef, noted: Change): Promise<void> => {
  try {
    await changePayee(deps, ref, noted)
  } catch (fault) {
    if (!(fault instanceof LostRace)) throw fault
    deps.log.warn(
      { payee: payeeIdOf(ref.payee_key) },
      'one of many attempts at once to pay a payee was not noted',
    )
  }
}

/** Enough of a payee's sessions to tell a few payers from many. */
const sessionsRead = 32

/**
 * What sessions say that are older than the memory: a release that kept none wrote them. Read once for each payee, in the
 * index of sessions by payee, the first ones and those of the last week.
 */
const sessionsOfBefore = async (
  deps: Deps,
  { org_id, payee_key }: PayeeRef,
  now: number,
): Promise<Change> => {
  const byPayee = {
    index: 'payee',
    org_id,
    equals: [payee_key],
    limit: sessionsRead,
    // They are other people's: one that can't be read must not stop this one.
    onUnreadable: (err: Error) => deps.log.error({ err }, 'a session can’t be read and counts for no payee'),
  }
  const first = await deps.attempts.find({ ...byPayee, order: 'ascending' })
  const isAll = first.length < sessionsRead
  const latest = isAll
    ? []
    : await deps.attempts.find({ ...byPayee, from: now - weekMs, order: 'descending' })
  const tried = [...first, ...latest].filter(({ evaluation }) => evaluation.assessment.family === 'money_out')
  const sent = tried.filter(
    (session) => (session.event.amount?.value ?? 0) > 0 && fateOf(session, now).state === 'sent',
  )
  const paymentIn = ({ event, created_at }: StoredAttempt) =>
    paymentTo(payee_key, { user_key: event.keys.user, at: created_at })
  const [attempts, payments] = [tried.map(paymentIn), sent.map(paymentIn)]
  return (memory) =>
    memory.sessions_read
      ? memory
      : { ...learnAttempts(learnPayments(memory, payments, now), attempts, now), sessions_read: true }
}

const weekMs = 7 * dayMs
