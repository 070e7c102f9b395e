import { minuteMs } from '#contract/durations'
import type { Environment } from '#contract/environment'
import type { SessionSummary } from '#contract/session-summary'
import type { Deps } from '../../deps.ts'
import type { SessionLine } from '../../session/line.ts'
import { pagesOf } from '../../store/pages.ts'
import { readCursor, writeCursor } from '../cursor.ts'

/**
 * The live view, without a change feed of the store. While somebody watches, an instance reads the index of last changes once
 * a second, beginning ten seconds before the newest change that it has seen. The overlap covers slow writes and instances
 * whose clocks are behind; doubles are dropped by id and version.
 */
export const pollEveryMs = 1000
export const overlapMs = 10_000
/** A page that was away longer reads the list again. */
const catchUpMs = 15 * minuteMs
const catchUpMax = 500
const batchSize = 200

type Watched = { org_id: string; environment: Environment }

/** `cursor` is the event's id: what a page that was cut off asks to go on from. */
type LiveEvent = { cursor: string; line: SessionSummary }

type Watcher = {
  send: (event: LiveEvent) => void
  /** The page can't be brought up to date: it must read the list again. */
  reset: () => void
}

/** Which versions have been seen: entries older than the overlap can't come again, and are forgotten. */
const createMemory = () => {
  const seen = new Map<string, { version: number; at: number }>()
  return {
    /** True the first time that this version, or a newer one, turns up. */
    isNews: (session: SessionSummary): boolean => {
      const known = seen.get(session.id)
      if (known !== undefined && known.version >= session.version) return false
      seen.set(session.id, { version: session.version, at: session.updated_at })
      return true
    },
    forgetBefore: (at: number): void => {
      for (const [id, entry] of seen) if (entry.at < at) seen.delete(id)
    },
  }
}

const changedSince = (
  deps: Pick<Deps, 'collections' | 'log'>,
  tenant: Watched,
  from: number,
): ReturnType<typeof pagesOf<SessionLine>> =>
  pagesOf(
    deps.collections.sessions.findLines,
    {
      index: 'updated',
      org_id: tenant.org_id,
      equals: [tenant.environment],
      from,
      limit: batchSize,
      onUnreadable: (err) =>
        deps.log.warn({ err }, 'a session can’t be read and is missing from the live view'),
    },
    ({ summary }) => ({ values: [summary.updated_at], _id: summary.id }),
  )

type Watch = { watcher: Watcher; memory: ReturnType<typeof createMemory> }

const tell = (watch: Watch, session: SessionSummary): void => {
  if (!watch.memory.isNews(session)) return
  watch.watcher.send({
    cursor: writeCursor({ at: session.updated_at, id: session.id }),
    line: session,
  })
}

/** What a page has missed, at most as far back as is kept for it. */
const catchUp = async (
  deps: Pick<Deps, 'collections' | 'clock' | 'log'>,
  tenant: Watched,
  watch: Watch,
  lastEventId: string | null,
): Promise<void> => {
  const cursor = lastEventId === null ? null : readCursor(lastEventId)
  const now = deps.clock()
  if (lastEventId !== null && (cursor === null || cursor.at < now - catchUpMs)) return watch.watcher.reset()
  let sent = 0
  for await (const { rows } of changedSince(deps, tenant, Math.min(cursor?.at ?? now, now) - overlapMs)) {
    for (const { summary } of rows) tell(watch, summary)
    sent += rows.length
    if (sent > catchUpMax) return watch.watcher.reset()
  }
}

/** One poller for one organisation and environment; it runs while it has watchers. */
const createPoller = (
  deps: Pick<Deps, 'collections' | 'clock' | 'log'>,
  tenant: Watched,
  everyMs: number,
) => {
  const watches = new Set<Watch>()
  let newest = deps.clock()
  let timer: NodeJS.Timeout | null = null

  const poll = async (): Promise<void> => {
    for await (const { rows } of changedSince(deps, tenant, newest - overlapMs)) {
      for (const { summary } of rows) {
        // An instance whose clock is ahead must not push us past what the others are about to write.
        newest = Math.max(newest, Math.min(summary.updated_at, deps.clock()))
        for (const watch of watches) tell(watch, summary)
      }
    }
    for (const watch of watches) watch.memory.forgetBefore(newest - 2 * overlapMs)
  }

  const schedule = (): void => {
    timer = setTimeout(() => {
      // If the store does not answer, the view is late: the next look starts from the same point.
      poll()
        .catch((fault: unknown) => deps.log.warn({ err: fault }, 'the live view could not be read'))
        .finally(() => {
          if (watches.size > 0) schedule()
        })
    }, everyMs)
    timer.unref()
  }

  return {
    add: (watch: Watch): void => {
      if (watches.size === 0) {
        newest = deps.clock()
        schedule()
      }
      watches.add(watch)
    },
    remove: (watch: Watch): void => {
      watches.delete(watch)
      if (watches.size === 0 && timer !== null) clearTimeout(timer)
    },
    isIdle: () => watches.size === 0,
  }
}

export type LiveFeed = {
  /** Begins to tell `watcher`, first what it missed since `lastEventId`; the answer ends it. */
  watch: (tenant: Watched, lastEventId: string | null, watcher: Watcher) => () => void
}

/** All pollers of one instance. */
export const createLiveFeed = (
  deps: Pick<Deps, 'collections' | 'clock' | 'log'>,
  everyMs: number = pollEveryMs,
): LiveFeed => {
  const pollers = new Map<string, ReturnType<typeof createPoller>>()
  return {
    watch: (tenant, lastEventId, watcher) => {
      const name = `${tenant.org_id} ${tenant.environment}`
      const poller = pollers.get(name) ?? createPoller(deps, tenant, everyMs)
      pollers.set(name, poller)
      const watch = { watcher, memory: createMemory() }
      poller.add(watch)
      catchUp(deps, tenant, watch, lastEventId).catch((fault: unknown) => {
        deps.log.warn({ err: fault }, 'the live view could not be brought up to date')
        watcher.reset()
      })
      return () => {
        poller.remove(watch)
        if (poller.isIdle()) pollers.delete(name)
      }
    },
  }
}
