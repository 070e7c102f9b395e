import { fork } from 'node:child_process'
import { join } from 'node:path'
import * as z from 'zod/mini'

/** How the bench speaks to the servers that it measures: they are processes of their own, and take orders over IPC. */

const order = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('prefill_profiles'), count: z.int() }),
  /** Raises the number of stored sessions to `total`. */
  z.strictObject({ do: z.literal('prefill_sessions'), total: z.int() }),
  /** Takes all stored sessions away again but the newest hundred. */
  z.strictObject({ do: z.literal('drop_sessions') }),
  /** Answers the mean size of a stored session’s text in characters. */
  z.strictObject({ do: z.literal('weigh_session') }),
  /** Opens an organisation that keeps as much as it may; answers its key. */
  z.strictObject({ do: z.literal('open_loud_tenant') }),
  z.strictObject({ do: z.literal('advance_clock'), ms: z.int() }),
  /** Answers the text of the newest message to an address, as soon as there is one. */
  z.strictObject({ do: z.literal('read_mail'), to: z.string() }),
  /** Answers how many consequences (outbox rows) wait. */
  z.strictObject({ do: z.literal('count_waiting') }),
  /** Answers when no consequence waits any more. */
  z.strictObject({ do: z.literal('settle') }),
  /** Answers the processor time of the process so far, in milliseconds. */
  z.strictObject({ do: z.literal('read_cpu') }),
  z.strictObject({ do: z.literal('start_profile') }),
  /** Answers the lines of a report of where the time went. */
  z.strictObject({ do: z.literal('report_profile') }),
  /** Floor: the size of what `/echo` stores. */
  z.strictObject({ do: z.literal('set_size'), bytes: z.int() }),
  /** Floor: answers fresh tokens for `/verify`, each for a stored document. */
  z.strictObject({ do: z.literal('mint_tokens'), count: z.int() }),
])
export type Order = z.infer<typeof order>

const answer = z.union([z.number(), z.string(), z.array(z.string()), z.null()])
export type OrderAnswer = z.infer<typeof answer>

const request = z.strictObject({ id: z.int(), order })
const reply = z.union([
  z.strictObject({ id: z.int(), answer }),
  z.strictObject({ id: z.int(), fault: z.string() }),
])
const ready = z.strictObject({ port: z.int(), engine: z.string(), key: z.string() })
export type Ready = z.infer<typeof ready>

export type Server = Ready & {
  ask: (order: Order) => Promise<OrderAnswer>
  stop: () => Promise<void>
}

/** Starts a server file of this folder in a process of its own: on a new file in `dataDir`, or on MongoDB's protocol. */
export const startServer = async (file: string, dataDir: string, mongodbUri?: string): Promise<Server> => {
  const child = fork(join(import.meta.dirname, file), [dataDir, ...(mongodbUri ? [mongodbUri] : [])], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const facts = await new Promise<Ready>((resolve, reject) => {
    child.once('message', (message) => resolve(ready.parse(message)))
    exited.then((code) => reject(new Error(`${file} ended with ${code} before it listened`)))
  })
  const waiting = new Map<number, (message: z.infer<typeof reply>) => void>()
  child.on('message', (message) => {
    const told = reply.parse(message)
    waiting.get(told.id)?.(told)
    waiting.delete(told.id)
  })
  let lastId = 0
  return {
    ...facts,
    ask: (wanted) =>
      new Promise((resolve, reject) => {
        lastId += 1
        waiting.set(lastId, (told) =>
          'fault' in told ? reject(new Error(told.fault)) : resolve(told.answer),
        )
        exited.then((code) => reject(new Error(`${file} ended with ${code}`)))
        child.send({ id: lastId, order: wanted })
      }),
    stop: async () => {
      child.disconnect()
      await exited
    },
  }
}

/** The server's end: says where it listens, carries orders out, and ends with the process that started it. */
export const serveOrders = (facts: Ready, carryOut: (order: Order) => Promise<OrderAnswer>): void => {
  process.on('message', async (message) => {
    const { id, order } = request.parse(message)
    try {
      process.send?.({ id, answer: order.do === 'read_cpu' ? cpuMs() : await carryOut(order) })
    } catch (fault) {
      process.send?.({ id, fault: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) })
    }
  })
  process.on('disconnect', () => process.exit(0))
  process.send?.(facts)
}

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
