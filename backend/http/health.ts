import { setTimeout as wait } from 'node:timers/promises'
import * as z from 'zod/mini'
import type { Store } from '../store/port.ts'
import { nothing, openRoute, type Route } from './route.ts'

/** A probe that hangs is a probe that failed; load balancers give up at about the same time. */
const pingTimeoutMs = 2000

const readiness = z.strictObject({
  status: z.enum(['ready', 'draining', 'unavailable']),
  engine: z.string(),
  /** Guarantees of the store that an explicit setting gave up. */
  waived: z.array(z.string()),
})

export type HealthDeps = {
  store: Pick<Store, 'engine' | 'ping'>
  waived: readonly string[]
  /** True from SIGTERM on: no new requests, please. */
  draining: () => boolean
}

/** Whether the store can take a durable write now. Why not is logged by the caller, never told to the network. */
const pings = async (store: HealthDeps['store']): Promise<{ ok: boolean; fault?: unknown }> => {
  const timer = new AbortController()
  try {
    const late = wait(pingTimeoutMs, undefined, { signal: timer.signal, ref: false }).then(() => {
      throw new Error(`no answer within ${pingTimeoutMs} ms`)
    })
    // Aborted below when the ping was faster; nobody waits for it then.
    late.catch(() => undefined)
    await Promise.race([store.ping(), late])
    return { ok: true }
  } catch (fault) {
    return { ok: false, fault }
  } finally {
    timer.abort()
  }
}

/** `/healthz`: this process answers. `/readyz`: it should be sent requests; says on which engine, and what was waived. */
export const healthRoutes = (deps: HealthDeps): Route[] => [
  openRoute('public', {
    method: 'GET',
    path: '/healthz',
    summary: 'Whether this process answers',
    tag: 'Operation',
    request: nothing,
    answers: { 200: { description: 'It does.', schema: z.strictObject({ status: z.literal('ok') }) } },
    handle: async () => ({ status: 200, body: { status: 'ok' } }),
  }),
  openRoute('public', {
    method: 'GET',
    path: '/readyz',
    summary: 'Whether this instance should be sent requests',
    tag: 'Operation',
    request: nothing,
    answers: {
      200: { description: 'It should.', schema: readiness },
      503: {
        description:
          'It is draining, or its store takes no durable write: the last one failed, and none has succeeded since.',
        schema: readiness,
      },
    },
    handle: async ({ log }) => {
      const about = { engine: deps.store.engine, waived: [...deps.waived] }
      if (deps.draining()) return { status: 503, body: { status: 'draining', ...about } }
      const ping = await pings(deps.store)
      if (ping.ok) return { status: 200, body: { status: 'ready', ...about } }
      log.warn({ err: ping.fault }, 'the store takes no durable write')
      return { status: 503, body: { status: 'unavailable', ...about } }
    },
  }),
]
