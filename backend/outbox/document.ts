import * as z from 'zod/mini'
import { outboxRow } from '../session/document/consequences.ts'
import type { Effect } from '../session/document.ts'
import { storedFields } from '../store/define-collection.ts'

/**
 * Mail goes its own way: a mail server that is silent for seconds must not hold up an incident or the release of a hold.
 */
export const lanes = ['work', 'mail'] as const
export type Lane = (typeof lanes)[number]
export const laneOf = ({ kind }: Effect): Lane =>
  kind === 'step_message' || kind === 'alert_mail' ? 'mail' : 'work'

/** A consequence on its way: claimed by a lease, carried out at least once, done, or dead after too many tries. */
export const outboxDocument = z.strictObject({
  /** `_id`: session id and the row's sequence number: moving a row twice is harmless. */
  ...storedFields,
  session_id: z.string(),
  effect: outboxRow.shape.effect,
  /** A done row stays for a while: its id keeps a late copy of the same consequence from being carried out again. */
  state: z.enum(['due', 'done', 'dead']),
  attempts: z.int(),
  /** When the next try may start; while a worker holds the lease, when the lease ends. */
  due_at: z.int(),
  created_at: z.int(),
  last_error: z.nullable(z.string()),
})
export type OutboxDocument = z.infer<typeof outboxDocument>
