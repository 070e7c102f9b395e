import { dayMs, hourMs, minuteMs } from '#contract/durations'
import type { Metrics } from '../metrics.ts'
import type { SessionStore } from '../session/collections.ts'
import type { Effect, Session } from '../session/document.ts'
import { WrittenByNewerRelease } from '../store/port.ts'
import type { World } from '../world.ts'
import type { OutboxStore } from './collection.ts'
import { type Lane, lanes, type OutboxDocument } from './document.ts'

/**
 * Moves consequences out of sessions and carries them out, at least once.
 *
 * Protocol
 * 1. A session's write carries rows. The relay copies each into the outbox under an id made of session and sequence
 *    number, then clears them from the session by compare-and-set. Dying in between, or losing that race, copies again:
 *    the id is taken, also by a row that is done. A lesson is tried where it is found, and copied only when that fails.
 * 2. A worker claims a due row by compare-and-set, which sets `due_at` to the end of its lease. Dying in between makes the
 *    row due again when the lease ends.
 * 3. Done: the row is marked, and purged later. Failed: it is due again after a growing, jittered wait; after too many
 *    tries it is dead, stays listed, and the log says so.
 *
 * Any number of relays may run on one store. A commit nudges the local one; polling finds what a nudge missed.
 */

const batchSize = 50
const leaseMs = 30_000
const firstWaitMs = 1000
const longestWaitMs = 15 * minuteMs
/** A code's message is of use for minutes, and whoever waits for it must hear in time that it won't come. */
const longestCodeWaitMs = 10_000
/** Long enough for a newer relay to be first. */
const leaveToNewerMs = 2_000
/** With these waits the last try is about three days after the first; a code's message gives up by itself long before. */
const attemptsUntilDead = 300
const purgeDeadAfterMs = 30 * dayMs
/** Longer than any relay sits on a session that it has read. */
const purgeDoneAfterMs = hourMs

/** What becomes of a consequence once it is due. Both may run more than once. */
export type Effects = {
  /** Rejects when it could not be done now; the relay tries again. */
  carryOut: (session: Session, effect: Effect) => Promise<void>
  /** Says what is left to say when a consequence will not be tried again. */
  giveUp: (session: Session, effect: Effect) => Promise<void>
}

type RelayDeps = { collections: SessionStore['collections'] & OutboxStore['collections'] } & World & {
    metrics: Pick<Metrics, 'outboxLag'>
  }

export type Relay = {
  /** Copies what is due out of sessions. Answers how many sessions had something. */
  moveOut: () => Promise<number>
  /** Carries out what is due in one lane. Answers how many rows it was. */
  work: (lane: Lane) => Promise<number>
  /** One full pass over everything. Answers how much there was: 0 when nothing is left to do now. */
  run: () => Promise<number>
}

export const createRelay = (deps: RelayDeps, effects: Effects): Relay => ({
  moveOut: () => moveOut(deps, effects),
  work: (lane) => work(deps, effects, lane),
  run: async () => {
    const moved = await moveOut(deps, effects)
    const carried = await Promise.all(lanes.map((lane) => work(deps, effects, lane)))
    return carried.reduce((sum, count) => sum + count, moved)
  },
})

const moveOut = async (deps: RelayDeps, effects: Effects): Promise<number> => {
  const sessions = await deps.collections.sessions.find({
    index: 'outbox_due',
    before: deps.clock() + 1,
    order: 'ascending',
    limit: batchSize,
    onUnreadable: (err) => deps.log.error({ err }, 'a session can’t be read: its consequences stay in it'),
  })
  await Promise.all(sessions.map((session) => moveOutOf(deps, effects, session)))
  return sessions.length
}

const moveOutOf = async (deps: RelayDeps, effects: Effects, session: Session): Promise<void> => {
  const now = deps.clock()
  for (const row of session.consequences.outbox) {
    if (await wasLearned(effects, session, row.effect)) continue
    await deps.collections.outbox.insert({
      _id: `${session._id}/${row.seq}`,
      org_id: session.org_id,
      version: 1,
      purge_at: null,
      session_id: session._id,
      effect: row.effect,
      state: 'due',
      attempts: 0,
      due_at: row.due_at,
      created_at: now,
      last_error: null,
    })
  }
  // A lost race leaves the rows where they are; the next pass copies them to ids that exist already and clears them then.
  await deps.collections.sessions.replace(
    { ...session, consequences: { ...session.consequences, outbox: [] } },
    session.version,
  )
}

/**
 * Nearly every action that goes ahead has a lesson, and it may be learned twice: the profile knows which events it has
 * learned. So it needs no lease, and two writes instead of five. One that fails goes the way of all others.
 */
const wasLearned = async (effects: Effects, session: Session, effect: Effect): Promise<boolean> => {
  if (effect.kind !== 'learn') return false
  try {
    await effects.carryOut(session, effect)
    return true
  } catch {
    return false
  }
}

const work = async (deps: RelayDeps, effects: Effects, lane: Lane): Promise<number> => {
  const due = await deps.collections.outbox.find({
    index: 'due',
    equals: [lane],
    before: deps.clock() + 1,
    order: 'ascending',
    limit: batchSize,
    onUnreadable: (err) => deps.log.error({ err }, 'an outbox row can’t be read and is not carried out'),
  })
  const [oldest] = due
  deps.metrics.outboxLag.set(
    { lane },
    oldest === undefined ? 0 : Math.max(0, (deps.clock() - oldest.due_at) / 1000),
  )
  const carried = await Promise.all(due.map((row) => handle(deps, effects, row)))
  return carried.filter(Boolean).length
}

const handle = async (deps: RelayDeps, effects: Effects, row: OutboxDocument): Promise<boolean> => {
  const claimed = await deps.collections.outbox.replace(
    { ...row, attempts: row.attempts + 1, due_at: deps.clock() + leaseMs },
    row.version,
  )
  if (!claimed.ok) return false
  try {
    const session = await deps.collections.sessions.get(row.org_id, row.session_id)
    if (session !== null) await effects.carryOut(session, row.effect)
    const done: OutboxDocument = { ...claimed.doc, state: 'done', purge_at: deps.clock() + purgeDoneAfterMs }
    await deps.collections.outbox.replace(done, done.version)
    return true
  } catch (cause) {
    // A newer release beside us has changed the session: it carries the row out, and it must not find it worn out by us.
    if (cause instanceof WrittenByNewerRelease) {
      const left = { ...row, due_at: deps.clock() + leaveToNewerMs }
      await deps.collections.outbox.replace(left, claimed.doc.version)
      return false
    }
    await retryLater(deps, effects, claimed.doc, cause)
    return false
  }
}

/** Mail servers repeat the recipient in what they say; erasing a person must not have to look for it here. */
const withoutAddresses = (message: string): string => message.replace(/[^\s<>"]+@[^\s<>"]+/gu, '…@…')

const retryLater = async (
  deps: RelayDeps,
  effects: Effects,
  row: OutboxDocument,
  cause: unknown,
): Promise<void> => {
  const isDead = row.attempts >= attemptsUntilDead
  if (isDead) {
    const session = await deps.collections.sessions.get(row.org_id, row.session_id)
    if (session !== null) await effects.giveUp(session, row.effect)
  }
  const message = cause instanceof Error ? withoutAddresses(cause.message.slice(0, 200)) : 'unknown'
  deps.log.warn(
    { row: row._id, effect: row.effect.kind, attempts: row.attempts, dead: isDead },
    'outbox row failed',
  )
  await deps.collections.outbox.replace(
    {
      ...row,
      state: isDead ? 'dead' : 'due',
      due_at: deps.clock() + waitMs(deps, row),
      purge_at: isDead ? deps.clock() + purgeDeadAfterMs : null,
      last_error: message,
    },
    row.version,
  )
}

/** Doubling from one second to a quarter of an hour, with half of it random, so that retries of many rows spread out. */
const waitMs = (deps: RelayDeps, { attempts, effect }: OutboxDocument): number => {
  const longest = effect.kind === 'step_message' ? longestCodeWaitMs : longestWaitMs
  const full = Math.min(firstWaitMs * 2 ** Math.min(attempts - 1, 20), longest)
  return Math.round(full / 2 + (full / 2) * (deps.random(1).readUInt8(0) / 255))
}
