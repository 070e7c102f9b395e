import { randomUUID } from 'node:crypto'
import type { Receipt, RiskyAction } from './bank/ledger.ts'
import { observedContext } from './caller.ts'
import {
  type CheckpointClient,
  CheckpointError,
  type Hold,
  type IngestAnswer,
  type Proof,
} from './checkpoint-client.ts'
import { eventOf, expectedOf } from './event.ts'
import type { Telemetry } from './telemetry.ts'
import type { Visit } from './visits.ts'

/**
 * A risky action from the moment a person asks for it until it is carried out, once, or not at all.
 * The amount and the payee live here, on the server; a later request may only name the action, never change it.
 */
export interface PendingAction {
  id: string
  action: RiskyAction
  /** The form as it was sent, and where to: a repeat must say the same. */
  typed: Record<string, string>
  path: string
  event: object
  idempotencyKey: string
  answer: IngestAnswer | null
  /** Counts the answers that verify gave, so that a lost answer is asked for again under the same key. */
  verifyRound: number
  /** A second click while the first is under way waits for the same outcome. */
  running: Promise<Outcome> | null
  outcome: Outcome | null
}

export type Outcome =
  | { status: 'executed'; receipt: Receipt }
  | { status: 'checkpoint'; url: string }
  | { status: 'blocked'; url: string; hold: Hold | undefined }
  | { status: 'refused'; code: string; hold?: Hold | undefined }
  | { status: 'unreachable' }

export interface Desk {
  client: CheckpointClient
  /** Where a person comes back to after the full-page checkpoint. */
  returnUrl: string
  now: () => number
}

/** A form that was read: the action, the form as it was typed, and what its page observed. */
export type Asked = Pick<PendingAction, 'action' | 'typed' | 'path'> & { telemetry: Telemetry | null }

export const startAction = (desk: Desk, visit: Visit, asked: Asked): PendingAction => ({
  id: randomUUID(),
  action: asked.action,
  typed: asked.typed,
  path: asked.path,
  event: eventOf(visit, asked, desk.returnUrl, desk.now()),
  idempotencyKey: randomUUID(),
  answer: null,
  verifyRound: 1,
  running: null,
  outcome: null,
})

/** Moves an action of this visit's own person on: asks if nobody asked yet, otherwise spends the proof that the browser brought. */
export const proceed = (
  desk: Desk,
  visit: Visit,
  pending: PendingAction,
  proof: Proof | null,
): Promise<Outcome> => {
  if (pending.outcome?.status === 'executed') return Promise.resolve(pending.outcome)
  pending.running ??= step(desk, visit, pending, proof)
    .catch(failClosed)
    .then((outcome) => {
      pending.outcome = outcome
      return outcome
    })
    .finally(() => {
      pending.running = null
    })
  return pending.running
}

const step = async (desk: Desk, visit: Visit, pending: PendingAction, proof: Proof | null) =>
  proof && pending.answer ? settle(desk, visit, pending, pending.answer, proof) : ask(desk, visit, pending)

const ask = async (desk: Desk, visit: Visit, pending: PendingAction): Promise<Outcome> => {
  const observe = visit.trace.engine.bind(visit.trace)
  await visit.past.brought()
  const answer = await desk.client.ingest(pending.event, pending.idempotencyKey, observe)
  pending.answer = answer
  switch (answer.outcome) {
    case 'allow':
      return settle(desk, visit, pending, answer, { token: answer.token ?? '' })
    case 'delay_verify':
      return { status: 'checkpoint', url: answer.session.url }
    case 'block_escalate':
      return { status: 'blocked', url: answer.session.url, hold: answer.hold }
  }
}

const settle = async (
  desk: Desk,
  visit: Visit,
  pending: PendingAction,
  asked: IngestAnswer,
  proof: Proof,
): Promise<Outcome> => {
  const observe = visit.trace.engine.bind(visit.trace)
  const decision = await desk.client.verify(
    proof,
    expectedOf(visit.customer, pending.action),
    observedContext(visit.caller, desk.now()),
    `${pending.id}.${pending.verifyRound}`,
    observe,
  )
  pending.verifyRound += 1
  if (!decision.valid) {
    // What was allowed and taken back is told by how it ended after all.
    const code = decision.revoked_because ?? decision.code ?? 'invalid'
    return { status: 'refused', code, hold: decision.hold }
  }
  if (decision.session_id !== asked.session.id) return { status: 'refused', code: 'action_mismatch' }
  const done = visit.ledger.execute(asked.session.id, pending.action)
  report(desk, visit, asked.event_id, done.ok ? 'completed' : 'failed')
  return done.ok ? { status: 'executed', receipt: done.receipt } : { status: 'refused', code: done.reason }
}

/** Told, not waited for: the money has moved or not, whatever becomes of this message. */
const report = (desk: Desk, visit: Visit, eventId: string, result: 'completed' | 'failed'): void => {
  desk.client.reportResult(eventId, result, visit.trace.engine.bind(visit.trace)).catch((fault: unknown) => {
    console.error(`bank: could not report what became of ${eventId}: ${String(fault)}`)
  })
}

/** No clear answer means: carry nothing out, and say so. */
const failClosed = (fault: unknown): Outcome => {
  if (!(fault instanceof CheckpointError)) throw fault
  return fault.retryable ? { status: 'unreachable' } : { status: 'refused', code: fault.code }
}
