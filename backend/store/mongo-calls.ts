import { setTimeout as delay } from 'node:timers/promises'
import type { ObjectId } from 'mongodb'
import type { Attempts } from './mongo-attempts.ts'
import { toStoreUnavailable } from './mongo-fault.ts'
import type { MongoPatience } from './mongo-patience.ts'
import { StoreUnavailable } from './port.ts'
import type { WriteHealth } from './write-health.ts'

/** The options of every command; the write concern's own limit is set on the database. */
type Bounded = Readonly<{ maxTimeMS: number }>

type WriteReply<Answer> = {
  answer: Answer
  /** It was sent more than once: the answer may be about the document as an earlier attempt left it. */
  repeated: boolean
}

/** The ways to the server. Whatever fails or takes too long rejects with StoreUnavailable. */
export type MongoCalls = {
  bounded: Bounded
  read<Answer>(command: Promise<Answer>): Promise<Answer>
  /** `send` carries the write id as its `comment`, so that we know whether it reached the wire, and how often. */
  write<Answer>(writeId: ObjectId, send: () => Promise<Answer>): Promise<WriteReply<Answer>>
  /** A write that does no harm when it is done twice. */
  writeAgain<Answer>(command: Promise<Answer>): Promise<Answer>
}

export const openMongoCalls = (
  attempts: Attempts,
  health: WriteHealth,
  patience: MongoPatience,
): MongoCalls => ({
  bounded: { maxTimeMS: patience.serverMs },
  read: (command) =>
    inTime(command, patience).catch((fault: unknown) => {
      throw toStoreUnavailable(fault, false)
    }),
  write: (writeId, send) => {
    const attempt = attempts.of(writeId)
    const replied = inTime(send(), patience).then(
      (answer) => ({ answer, repeated: attempt.sent() > 1 }),
      (fault: unknown) => {
        throw toStoreUnavailable(fault, attempt.sent() > 0)
      },
    )
    return health.watch(replied).finally(attempt.forget)
  },
  writeAgain: (command) =>
    health.watch(
      inTime(command, patience).catch((fault: unknown) => {
        throw toStoreUnavailable(fault, true)
      }),
    ),
})

/** The driver has already repeated what may be repeated; what is late may still be carried out. */
export const inTime = async <Answer>(
  command: Promise<Answer>,
  { operationMs }: MongoPatience,
): Promise<Answer> => {
  const timer = new AbortController()
  const late = delay(operationMs, null, { signal: timer.signal }).then(() => {
    throw new StoreUnavailable(`no answer within ${operationMs} ms`)
  })
  late.catch(() => {})
  try {
    return await Promise.race([command, late])
  } finally {
    timer.abort()
  }
}
