import { type Answer, type Call, type Connection, openConnection } from './connection.ts'
import { type Round, roundOf } from './stats.ts'

/** What to send next; null when there is nothing left. `heard` is told each answer, with its call. */
export type Source = { next: () => Call | null; heard?: (answer: Answer, call: Call) => void }

type Limits = { connections: number; seconds: number; requests?: number }

const withConnections = async <Result>(
  port: number,
  count: number,
  work: (connections: Connection[]) => Promise<Result>,
): Promise<Result> => {
  const connections = await Promise.all(Array.from({ length: count }, () => openConnection(port)))
  try {
    return await work(connections)
  } finally {
    for (const connection of connections) connection.close()
  }
}

const answered = (answer: Answer): Answer => {
  if (answer.status !== 200) throw new Error(`${answer.status}: ${answer.body.slice(0, 400)}`)
  return answer
}

/**
 * Closed loop: every connection sends its next request when it has its answer, which is saturation once there are enough
 * of them. Ends after `seconds`, after `requests`, or when the source is dry. Any answer but 200 throws.
 */
export const saturate = (port: number, source: Source, limits: Limits): Promise<Round> =>
  withConnections(port, limits.connections, async (connections) => {
    const latencies: number[] = []
    const started = performance.now()
    let left = limits.requests ?? Number.POSITIVE_INFINITY
    const run = async ({ send }: Connection): Promise<void> => {
      while (left > 0 && performance.now() - started < limits.seconds * 1000) {
        left -= 1
        const call = source.next()
        if (call === null) return
        const sentAt = performance.now()
        const answer = answered(await send(call))
        latencies.push(performance.now() - sentAt)
        source.heard?.(answer, call)
      }
    }
    await Promise.all(connections.map(run))
    return roundOf(latencies, (performance.now() - started) / 1000)
  })

/**
 * Open loop: requests arrive `perSecond`, whether or not the server keeps up, and a request that finds no free connection
 * waits with its clock running. So a slow answer cannot make the load lighter and hide itself.
 */
export const pace = (
  port: number,
  source: Source,
  { connections: count, seconds, perSecond }: Limits & { perSecond: number },
): Promise<Round> =>
  withConnections(port, count, async (connections) => {
    const latencies: number[] = []
    const free = [...connections]
    const queue: { call: Call; arrivedAt: number }[] = []
    const underWay = new Set<Promise<void>>()
    let fault: unknown = null
    const carry = async (connection: Connection, call: Call, arrivedAt: number): Promise<void> => {
      const answer = answered(await connection.send(call))
      latencies.push(performance.now() - arrivedAt)
      source.heard?.(answer, call)
      free.push(connection)
      dispatch()
    }
    const dispatch = (): void => {
      const connection = free.pop()
      if (connection === undefined) return
      const waiting = queue.shift()
      if (waiting === undefined) return void free.push(connection)
      const carried = carry(connection, waiting.call, waiting.arrivedAt)
        .catch((cause: unknown) => {
          fault = cause
        })
        .finally(() => underWay.delete(carried))
      underWay.add(carried)
    }
    const started = performance.now()
    let sent = 0
    while (performance.now() - started < seconds * 1000 && fault === null) {
      const due = ((performance.now() - started) / 1000) * perSecond
      for (; sent < due; sent += 1) {
        const call = source.next()
        if (call === null) break
        queue.push({ call, arrivedAt: performance.now() })
        dispatch()
      }
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    while (underWay.size > 0) await Promise.all(underWay)
    if (fault !== null) throw fault
    return roundOf(latencies, (performance.now() - started) / 1000)
  })
