import type { Aftermath } from '#contract/backtest'
import { foldEvents, type PastEvent } from '../risk/backtest.ts'
import {
  brokeContact,
  completedAt,
  type Evidence,
  labelledAs,
  type StoredEvidence,
  wasReported,
} from '../session/evidence.ts'
import type { Collections, EvidenceReader } from '../store/collections.ts'
import { StoreUnavailable } from '../store/port.ts'
import type { Backtest } from './backtest-document.ts'
import { evidencePageSize, readEvidence } from './read-evidence.ts'

export type StudyDeps = {
  collections: Pick<Collections, 'backtests'>
  sessions: EvidenceReader
  /** Epoch milliseconds. */
  clock: () => number
}

/** How long a runner that says nothing keeps a backtest for itself: many times what lies between two of its writes. */
export const leaseMs = 30_000
/** Between two writes of the tally: a dead process loses at most so many events' work. */
const eventsPerWrite = 2_000
/** The most that one backtest reads; the result says where it stopped. */
export const eventsMax = 1_000_000
const triesMax = 5
const dueAtOnce = 10

/**
 * Runs what waits, and what a dead runner left behind, until nothing is due. Answers how many came to an end. Several
 * processes may do this at once: a backtest is taken by compare-and-set and kept by a lease.
 */
export const runDueBacktests = async (deps: StudyDeps): Promise<number> => {
  const due = await deps.collections.backtests.find({
    index: 'due',
    before: deps.clock() + 1,
    limit: dueAtOnce,
  })
  let ended = 0
  for (const backtest of due) {
    const taken = await write(deps, takenUp(backtest, deps.clock()))
    if (taken !== null && (await run(deps, taken))) ended += 1
  }
  return ended
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

/** Null when somebody else changed it meanwhile: another runner took it, or it was cancelled. Then it is not ours any more. */
const write = async (deps: StudyDeps, backtest: Backtest): Promise<Backtest | null> => {
  const isRunning = backtest.state === 'running'
  const written = await deps.collections.backtests.replace(
    { ...backtest, lease_until: isRunning ? deps.clock() + leaseMs : 0 },
    backtest.version,
  )
  return written.ok ? written.doc : null
}

const run = async (deps: StudyDeps, taken: Backtest): Promise<boolean> => {
  let backtest = taken
  try {
    while (backtest.state === 'running') {
      const written = await write(deps, await readOn(deps, backtest))
      if (written === null) return false
      backtest = written
    }
    return true
  } catch (fault) {
    // A store that does not answer now may do so when the lease has run out.
    if (!(fault instanceof StoreUnavailable))
      await write(
        deps,
        failed(backtest, deps.clock(), 'The stored events could not be judged again; the log says why.'),
      )
    throw fault
  }
}

/** Reads and judges until the next write is due. */
const readOn = async (deps: StudyDeps, from: Backtest): Promise<Backtest> => {
  const policies = { draft: from.policy, against: from.against_policy }
  let backtest = from
  while (backtest.done < from.done + eventsPerWrite) {
    const page = await readEvidence(deps.sessions, backtest, backtest.cursor)
    const last = page.at(-1)
    backtest = {
      ...backtest,
      tries: 0,
      result: foldEvents(backtest.result, page.map(pastEventOf), policies),
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

const pastEventOf = ({ _id, evidence }: StoredEvidence): PastEvent | null =>
  evidence === null
    ? null
    : {
        event_id: evidence.event_id,
        session_id: _id,
        event: evidence.event,
        has_mailbox: evidence.event.keys.mailbox !== null,
        judged: evidence.judged,
        assessment: evidence.assessment,
        ingest_outcome: evidence.ingest_outcome,
        aftermath: aftermathOf(evidence),
      }

const aftermathOf = (one: Evidence): Aftermath[] => {
  const reported = wasReported(one)
  const rows: [Aftermath, boolean][] = [
    ['reported', reported],
    ['genuine', !reported && completedAt(one) !== null],
    ['labelled_risky', labelledAs(one) === 'risky'],
    ['labelled_legit', labelledAs(one) === 'legit'],
    ['incident', one.incident_id !== null],
    ['contact_broken', brokeContact(one)],
    ['held', one.hold !== null],
  ]
  return rows.filter(([, holds]) => holds).map(([kind]) => kind)
}
