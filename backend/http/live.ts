import { PassThrough } from 'node:stream'
import * as z from 'zod/mini'
import { environment } from '#contract/environment'
import { sessionSummary } from '#contract/session-summary'
import type { Deps } from '../deps.ts'
import type { LiveFeed } from './admin/live-feed.ts'
import { type Analyst, stillLoggedIn } from './admin/logins.ts'
import { AppError } from './app-error.ts'
import { cursorMaxLength } from './cursor.ts'
import { analystRoute, nothing, type Route } from './route.ts'

/** Keeps proxies from closing a quiet connection, and is when the login is looked at again. */
export const heartbeatMs = 15_000
/** Tabs of one login; a page that leaks connections must not hold all of ours. */
const streamsPerLogin = 8
/** A reader that is this far behind is gone or asleep: it reconnects and catches up. */
const unreadMaxBytes = 1_000_000
const retryMs = 2000

const liveQuery = z.strictObject({ environment })

type Stream = { loginId: string; end: () => void }

export type LiveStreams = {
  /** Begins a stream of server-sent events (HTML standard 9.2); null when the login has too many. */
  open: (analyst: Analyst, query: z.infer<typeof liveQuery>, lastEventId: string | null) => PassThrough | null
  /** Ends the streams of one login, at its logout. */
  closeLogin: (loginId: string) => void
  /** Ends all of them, so that a server can drain. */
  closeAll: () => void
}

/** The live views of this instance. Each lasts as long as its reader wants and its login lives. */
export const createLiveStreams = (deps: Deps, feed: LiveFeed, beatMs: number = heartbeatMs): LiveStreams => {
  const streams = new Set<Stream>()

  const open: LiveStreams['open'] = (analyst, query, lastEventId) => {
    const loginId = analyst.login._id
    if ([...streams].filter((other) => other.loginId === loginId).length >= streamsPerLogin) return null
    const stream = new PassThrough()
    stream.write(`retry: ${retryMs}\n: connected\n\n`)
    const write = (text: string): void => {
      if (stream.writableLength > unreadMaxBytes) end()
      else stream.write(text)
    }
    const unwatch = feed.watch(
      { org_id: analyst.account.org_id, environment: query.environment },
      lastEventId,
      {
        send: ({ cursor, line }) =>
          write(`id: ${cursor}\nevent: session\ndata: ${JSON.stringify(sessionSummary.parse(line))}\n\n`),
        reset: () => write('event: reset\ndata: {}\n\n'),
      },
    )
    const heartbeat = setInterval(() => {
      write(': still here\n\n')
      // A store that does not answer ends the stream too: who can't be checked is not shown anything.
      stillLoggedIn(deps, analyst).then(
        (live) => live || end(),
        () => end(),
      )
    }, beatMs)
    heartbeat.unref()
    const entry: Stream = { loginId, end: () => end() }
    let isOver = false
    const end = (): void => {
      if (isOver) return
      isOver = true
      clearInterval(heartbeat)
      unwatch()
      streams.delete(entry)
      stream.end()
    }
    streams.add(entry)
    // Koa destroys it when its connection ends.
    stream.on('close', end)
    return stream
  }

  const closeWhere = (fits: (stream: Stream) => boolean): void => {
    for (const stream of [...streams].filter(fits)) stream.end()
  }
  return {
    open,
    closeLogin: (loginId) => closeWhere((stream) => stream.loginId === loginId),
    closeAll: () => closeWhere(() => true),
  }
}

/** Changed sessions as they come. Watching does not prolong the login. */
export const liveRoutes = (live: LiveStreams): Route[] => [
  analystRoute({
    method: 'GET',
    path: '/api/live',
    problems: ['rate_limited'],
    summary: 'Changed sessions as they come, as server-sent events',
    prolongs: false,
    request: {
      ...nothing,
      query: liveQuery,
      headers: z.object({ 'last-event-id': z.optional(z.string()) }),
    },
    answers: {
      200: {
        description:
          'Events `session` with a line of the list, and `reset`: read the list again. Goes on from `Last-Event-ID`.',
        type: 'text/event-stream; charset=utf-8',
        stream: true,
      },
    },
    handle: async ({ query, headers, caller }) => {
      const { 'last-event-id': id = '' } = headers
      const stream = live.open(caller, query, id === '' || id.length > cursorMaxLength ? null : id)
      if (stream === null)
        throw new AppError(
          'rate_limited',
          'Too many live views are open. Close one, then load this page again.',
          {
            retryAfterSeconds: 5,
          },
        )
      // Proxies that collect answers before they hand them on would make the view anything but live.
      return { status: 200, body: stream, headers: { 'X-Accel-Buffering': 'no' } }
    },
  }),
]
