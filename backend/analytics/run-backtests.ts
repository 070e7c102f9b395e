import type { Aftermath } from '#contract/backtest'
import type { PolicyStore } from '../policy/collection.ts'
import { findPolicy } from '../policy/load.ts'
import { foldEvents, type PastEvent } from '../risk/backtest.ts'
import type { Policy } from '../risk/policy.ts'
import type { EvidenceReader } from '../session/collections.ts'
import { storedContacts } from '../session/contact.ts'
import {
  brokeContact,
  completedAt,
  type Evidence,
  labelledAs,
  type StoredEvidence,
  truthOf,
  wasReported,
} from '../session/evidence.ts'
import { StoreUnavailable } from '../store/port.ts'
import { type Backtest, type BacktestLine, isUnfinished } from './backtest-document.ts'
import type { AnalyticsStore } from './collections.ts'
import { evidencePageSize, readEvidence } from './read-evidence.ts'

export type AnalyticsDeps = {
  collections: AnalyticsStore['collections'] & Pick<PolicyStore['collections'], 'policies'>
  /** The one that comes with the engine. */
  policy: Policy
  sessions: EvidenceReader
  /** Epoch milliseconds. */
  clock: () => number
}

/** How long a silent runner keeps a backtest: many times the time between two of its writes. */
export const leaseMs = 30_000
/** Events between two writes of the tally: the most work that a dead process loses. */
const eventsPerWrite = 2_000
/** The most events that one backtest reads; the result says where it stopped. */
const eventsMax = 1_000_000
const triesMax = 5
/** How many organisations take turns; others wait until one of them is done. */
const organisationsAtOnce = 10
const dueAtOnce = 200

/** A backtest that this runner holds, and the policies that it compares. */
type Running = { backtest: Backtest; policies: Policies }
type Policies = { draft: Policy; against: Policy | null }

/**
 * Runs queued backtests, and those of dead runners, until none is due. Answers how many ended. Several processes may do
 * this at once: a runner takes a backtest by compare-and-set and keeps it by a lease.
 *
 * Organisations take turns of one write each, so whoever asks for much waits behind their own work.
 */
export const runDueBacktests = async (deps: AnalyticsDeps): Promise<number> => {
  const running = new Map<string, Running>()
  const faults: unknown[] = []
  let ended = 0
  for (;;) {
    for (const taken of await takeUp(deps, running)) running.set(taken.backtest.org_id, taken)
    if (running.size === 0) break
    for (const [org, one] of running) {
      const written = await turnOf(deps, one, faults)
      if (written?.state === 'running') running.set(org, { ...one, backtest: written })
      else running.delete(org)
      if (written !== null && written.state !== 'running') ended += 1
    }
  }
  if (faults.length > 0) throw faults[0]
  return ended
}

/** The oldest due backtest of each organisation that has none running here, as many as there is room for. */
const takeUp = async (deps: AnalyticsDeps, running: ReadonlyMap<string, Running>): Promise<Running[]> => {
  const room = organisationsAtOnce - running.size
  if (room === 0) return []
  const due = await deps.collections.backtests.findLines({
    index: 'due',
    before: deps.clock() + 1,
    limit: dueAtOnce,
  })
  const firsts = new Map<string, BacktestLine>()
  for (const line of due.toSorted((a, b) => a.created_at - b.created_at))
    if (!running.has(line.org_id) && !firsts.has(line.org_id)) firsts.set(line.org_id, line)
  const taken = await Promise.all([...firsts.values()].slice(0, room).map((line) => take(deps, line)))
  return taken.filter((one) => one !== null)
}

/** Null if there is nothing to run: somebody else has it, or it is given up. */
const take = async (deps: AnalyticsDeps, { org_id, _id }: BacktestLine): Promise<Running | null> => {
  const found = await deps.collections.backtests.get(org_id, _id)
  if (found === null || !isUnfinished(found) || found.lease_until > deps.clock()) return null
  const policies = await policiesOf(deps, found)
  const wanted =
    policies === null
      ? failed(found, deps.clock(), 'The policy that it was to be evaluated by is not there any more.')
      : takenUp(found, deps.clock())
  const backtest = await write(deps, wanted)
  return backtest === null || backtest.state !== 'running' || policies === null
    ? null
    : { backtest, policies }
}

/** Null if one of the policies was removed since. */
const policiesOf = async (deps: AnalyticsDeps, backtest: Backtest): Promise<Policies | null> => {
  const { org_id, _id, policy_version, is_sent_draft, against_version } = backtest
  const draft = is_sent_draft
    ? ((await deps.collections.sentDrafts.get(org_id, _id))?.policy ?? null)
    : await findPolicy(deps, org_id, policy_version)
  const against = against_version === null ? null : await findPolicy(deps, org_id, against_version)
  if (draft === null || (against === null && against_version !== null)) return null
  return { draft, against }
}

const takenUp = (backtest: Backtest, now: number): Backtest =>
  backtest.tries < triesMax
    ? { ...backtest, state: 'running', tries: backtest.tries + 1 }
    : failed(backtest, now, `It was begun ${triesMax} times at the same place and never came on.`)

const failed = (backtest: Backtest, now: number, fault: string): Backtest => ({
  ...backtest,
  state: 'failed',
  finished_at: now,
  fault,
})

/** Null if somebody else changed it meanwhile: another runner took it, or it was cancelled. Then it is not ours any more. */
const write = async (deps: AnalyticsDeps, backtest: Backtest): Promise<Backtest | null> => {
  const isRunning = backtest.state === 'running'
  const written = await deps.collections.backtests.replace(
    { ...backtest, lease_until: isRunning ? deps.clock() + leaseMs : 0 },
    backtest.version,
  )
  return written.ok ? written.doc : null
}

/** One turn, and the write at its end. A backtest that can't be evaluated fails alone, and the others go on. */
const turnOf = async (deps: AnalyticsDeps, running: Running, faults: unknown[]): Promise<Backtest | null> => {
  try {
    return await write(deps, await readOn(deps, running))
  } catch (fault) {
    // A store that does not answer now may do so when the lease has run out.
    if (fault instanceof StoreUnavailable) throw fault
    faults.push(fault)
    const sentence = 'The stored events could not be evaluated again; the log says why.'
    await write(deps, failed(running.backtest, deps.clock(), sentence))
    return null
  }
}

/** Reads and evaluates until the next write is due. */
const readOn = async (deps: AnalyticsDeps, { backtest: from, policies }: Running): Promise<Backtest> => {
  let backtest = from
  while (backtest.done < from.done + eventsPerWrite) {
    const page = await readEvidence(deps.sessions, backtest, backtest.cursor)
    const last = page.at(-1)
    backtest = {
      ...backtest,
      tries: 0,
      // Of the time when it was asked for: a run that was interrupted counts the same.
      result: foldEvents(
        backtest.result,
        page.map((one) => pastEventOf(one, backtest.created_at)),
        policies,
      ),
      done: backtest.done + page.length,
      cursor: last === undefined ? backtest.cursor : { at: last.created_at, _id: last._id },
    }
    if (page.length < evidencePageSize) return ended(backtest, deps.clock(), false)
    if (backtest.done >= eventsMax) return ended(backtest, deps.clock(), true)
  }
  return backtest
}

const ended = (backtest: Backtest, now: number, truncated: boolean): Backtest => ({
  ...backtest,
  state: 'done',
  truncated,
  finished_at: now,
})

const pastEventOf = ({ _id, evidence }: StoredEvidence, askedAt: number): PastEvent | null =>
  evidence === null
    ? null
    : {
        event_id: evidence.request.event_id,
        session_id: _id,
        event: evidence.event,
        contacts: storedContacts(evidence.event.keys),
        evaluation_input: evidence.evaluation.input,
        assessment: evidence.evaluation.assessment,
        ingest_outcome: evidence.evaluation.answered,
        observed: evidence.evaluation.observed,
        aftermath: aftermathOf(evidence),
        truth: truthOf(evidence, askedAt),
      }

const aftermathOf = (one: Evidence): Aftermath[] => {
  const reported = wasReported(one)
  const rows: [Aftermath, boolean][] = [
    ['reported', reported],
    ['genuine', !reported && completedAt(one) !== null],
    ['labelled_risky', labelledAs(one) === 'risky'],
    ['labelled_legit', labelledAs(one) === 'legit'],
    ['incident', one.consequences.incident_id !== null],
    ['contact_broken', brokeContact(one)],
    ['held', one.consequences.hold !== null],
  ]
  return rows.filter(([, holds]) => holds).map(([kind]) => kind)
}
