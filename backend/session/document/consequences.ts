import * as z from 'zod/mini'
import { stepType } from '#contract/step'

const ms = z.int()

/** Consequences that ride in the session's write until the relay has moved them out. */
export const outboxRow = z.strictObject({
  seq: z.int(),
  due_at: ms,
  effect: z.discriminatedUnion('kind', [
    /** What a step sends to the person. `generation`: which of its messages. */
    z.strictObject({ kind: z.literal('step_message'), step: stepType, generation: z.int() }),
    z.strictObject({ kind: z.literal('incident') }),
    z.strictObject({ kind: z.literal('alert_mail') }),
    z.strictObject({ kind: z.literal('scam_report') }),
    z.strictObject({ kind: z.literal('payee_reported') }),
    z.strictObject({ kind: z.literal('learn') }),
    z.strictObject({ kind: z.literal('reverification'), hold_ids: z.array(z.string()) }),
  ]),
})
type OutboxRow = z.infer<typeof outboxRow>
export type Effect = OutboxRow['effect']

const sessionHold = z.strictObject({
  id: z.string(),
  /** With `needs_release`: the earliest end. */
  ends_at: ms,
  reason: z.string(),
  needs_release: z.boolean(),
})

/** What follows from the session outside of it. */
export const sessionConsequences = z.strictObject({
  hold: z.nullable(sessionHold),
  /** The incident that was opened for it, or that it falls under; null while there is none. */
  incident_id: z.nullable(z.string()),
  /** The id that an incident of its own has or would have: derived, so that opening it twice is harmless. */
  own_incident_id: z.string(),
  case_reference: z.string(),
  /** Ended holds that this session releases if it passes. */
  reverification_holds: z.array(z.string()),
  report: z.nullable(z.strictObject({ details: z.string(), at: ms })),
  outbox: z.array(outboxRow),
  outbox_seq: z.int(),
})
