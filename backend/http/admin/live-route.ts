import { PassThrough } from 'node:stream'
import * as z from 'zod/mini'
import { environment } from '#contract/environment'
import { sessionSummary } from '#contract/session-summary'
import type { Deps } from '../../deps.ts'
import { AppError } from '../../errors.ts'
import { apiHeaders, replaceHeaders } from '../headers.ts'
import type { HttpContext } from '../http-state.ts'
import { type AdminRoute, requireAnalyst, requireSameOrigin } from './admin-route.ts'
import { cursorMaxLength } from './cursor.ts'
import type { LiveFeed } from './live-feed.ts'
import { type Analyst, stillLoggedIn } from './logins.ts'

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
  route: AdminRoute
  /** Ends the streams of one login, at its logout. */
  closeLogin: (loginId: string) => void
  /** Ends all of them, so that a server can drain. */
  closeAll: () => void
}

const lastEventIdOf = (ctx: HttpContext): string | null => {
  const id = ctx.get('Last-Event-ID')
  return id === '' || id.length > cursorMaxLength ? null : id
}

/** Starts a stream of server-sent events (HTML standard 9.2) and answers how to write into it. */
const startStream = (ctx: HttpContext): PassThrough => {
  const stream = new PassThrough()
  replaceHeaders(ctx, apiHeaders)
  // Proxies that collect answers before they hand them on would make the view anything but live.
  ctx.set('X-Accel-Buffering', 'no')
  ctx.status = 200
  ctx.body = stream
  ctx.set('Content-Type', 'text/event-stream; charset=utf-8')
  stream.write(`retry: ${retryMs}\n: connected\n\n`)
  return stream
}

/** `GET /api/live`: changed sessions as they come, for as long as the login lives. Watching does not prolong it. */
export const createLiveStreams = (feed: LiveFeed, beatMs: number = heartbeatMs): LiveStreams => {
  const streams = new Set<Stream>()

  const open = (ctx: HttpContext, analyst: Analyst, deps: Deps, place: z.infer<typeof liveQuery>): void => {
    const lastEventId = lastEventIdOf(ctx)
    const stream = startStream(ctx)
    const write = (text: string): void => {
      if (stream.writableLength > unreadMaxBytes) end()
      else stream.write(text)
    }
    const unwatch = feed.watch(
      { org_id: analyst.account.org_id, environment: place.environment },
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
    const entry: Stream = { loginId: analyst.login._id, end: () => end() }
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
    stream.on('close', end)
    ctx.req.on('close', end)
  }

  const route: AdminRoute = {
    method: 'GET',
    path: '/api/live',
    run: async (ctx, _params, deps) => {
      ctx.state.route = '/api/live'
      requireSameOrigin(ctx, deps)
      const analyst = await requireAnalyst(ctx, deps)
      const query = liveQuery.safeParse(ctx.query)
      if (!query.success) throw new AppError('invalid_request', 'query.environment must be live or test.')
      const own = [...streams].filter((stream) => stream.loginId === analyst.login._id)
      if (own.length >= streamsPerLogin)
        throw new AppError('rate_limited', 'Too many live views are open. Close one.', {
          retryAfterSeconds: 5,
        })
      open(ctx, analyst, deps, query.data)
    },
  }

  const closeWhere = (fits: (stream: Stream) => boolean): void => {
    for (const stream of [...streams].filter(fits)) stream.end()
  }
  return {
    route,
    closeLogin: (loginId) => closeWhere((stream) => stream.loginId === loginId),
    closeAll: () => closeWhere(() => true),
  }
}
