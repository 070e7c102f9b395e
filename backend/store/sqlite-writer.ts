import type { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { StoreUnavailable } from './port.ts'
import { commitFault, isBusy, toStoreUnavailable } from './sqlite-fault.ts'

/** A write: runs prepared statements inside the open transaction and answers what it changed. */
type Write<Answer> = () => Answer

export type SqliteWriter = {
  /** Resolves once the write is on disk. Rejects with StoreUnavailable when it is not, or when nobody can know. */
  write<Answer>(write: Write<Answer>): Promise<Answer>
  /** Finishes what was accepted, refuses what comes later. */
  close(): Promise<void>
}

const largestGroup = 128
/** A little less than a flush takes. */
const longestGatherMs = 3
/** How long a write may wait for other processes to let go of the file. Checked against the steady clock. */
const patienceMs = 4_000
const shortestPauseMs = 1
const longestPauseMs = 12

type Waiting = { run: () => void; answer: () => void; fail: (reason: StoreUnavailable) => void }

/**
 * The only way to write to the file. Writes that arrive in the same turn of the event loop are committed together: one
 * flush to disk serves them all, each keeps its own answer, and none is answered before the commit returned.
 *
 * While another process holds the file we wait outside SQLite, with jitter: its own busy handler blocks the event loop
 * and is unfair, so that one process may starve for seconds.
 */
export const openSqliteWriter = (db: DatabaseSync): SqliteWriter => {
  const begin = db.prepare('BEGIN IMMEDIATE')
  const commit = db.prepare('COMMIT')
  const queue: Waiting[] = []
  let draining: Promise<void> | null = null
  let closed = false

  /** As long as each turn of the event loop brings another write, all of them are waited for: a flush costs more than a turn. */
  const gather = async (): Promise<void> => {
    const until = performance.now() + longestGatherMs
    for (let before = 0; queue.length > before; ) {
      before = queue.length
      await nextTurn()
      if (queue.length >= largestGroup || performance.now() >= until) return
    }
  }
  const drain = async (): Promise<void> => {
    await gather()
    while (queue.length > 0) {
      try {
        await whenFree(() => {
          begin.run()
          commitGroup(db, commit, queue.splice(0, largestGroup))
        })
      } catch (failure) {
        failAll(queue.splice(0), toStoreUnavailable(failure))
      }
      if (queue.length > 0) await gather()
    }
    draining = null
  }

  return {
    write: <Answer>(write: Write<Answer>) =>
      new Promise<Answer>((resolve, reject) => {
        if (closed) return reject(new StoreUnavailable('the store is closed'))
        let answer: Answer
        queue.push({
          run: () => {
            answer = write()
          },
          answer: () => resolve(answer),
          fail: reject,
        })
        draining ??= drain()
      }),
    close: async () => {
      closed = true
      await draining
    },
  }
}

/**
 * Runs inside the open transaction, from the first statement to `COMMIT` in one go. Throws nothing: each failure is told
 * to the writers it concerns.
 */
const commitGroup = (db: DatabaseSync, commit: { run(): unknown }, group: readonly Waiting[]): void => {
  const done: Waiting[] = []
  for (const waiting of group) {
    try {
      waiting.run()
      done.push(waiting)
    } catch (failure) {
      // A full disk or an I/O error may have rolled the whole transaction back: then nobody wrote anything. A statement
      // that failed on its own left no trace, and the others go on.
      if (!db.isTransaction) {
        failAll(group, toStoreUnavailable(failure))
        return
      }
      waiting.fail(toStoreUnavailable(failure))
    }
  }
  try {
    commit.run()
    for (const waiting of done) waiting.answer()
  } catch (failure) {
    failAll(done, commitFault(failure))
    rollBack(db)
  }
}

/** When even this fails, the next `BEGIN` says so to the next writers. */
const rollBack = (db: DatabaseSync): void => {
  try {
    if (db.isTransaction) db.exec('ROLLBACK')
  } catch {}
}

const failAll = (group: readonly Waiting[], reason: StoreUnavailable): void => {
  for (const waiting of group) waiting.fail(reason)
}

/**
 * Tries until no other process stands in the way, at most `patienceMs`. The attempt itself must be short and must have
 * no effect when SQLite answers that the file is busy. Rejects with what the last attempt threw.
 */
export const whenFree = async <Answer>(attempt: () => Answer): Promise<Answer> => {
  const giveUpAt = performance.now() + patienceMs
  for (let pauseMs = shortestPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return attempt()
    } catch (failure) {
      if (!isBusy(failure) || performance.now() >= giveUpAt) throw failure
    }
    await delay(shortestPauseMs + Math.random() * pauseMs)
  }
}

const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve))
