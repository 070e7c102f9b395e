import { dayMs } from '#contract/durations'
import type { LabelName, LabelProvenance } from '#contract/label'

/** No label lasts for ever: devices change hands, networks change users, and authors leave. */

/** Days from its making: the usual number and the most. A person's own word is good for 90 days at most. */
export const labelDays: Record<LabelProvenance, { usual: number; most: number }> = {
  analyst_investigation: { usual: 180, most: 730 },
  law_enforcement: { usual: 365, most: 1825 },
  partner_report: { usual: 90, most: 365 },
  site_result: { usual: 90, most: 365 },
  customer_confirmed: { usual: 90, most: 90 },
  not_stated: { usual: 30, most: 90 },
}

export type ExpiryRefusal =
  | { reason: 'expires_in_past' }
  /** Epoch milliseconds. */
  | { reason: 'expires_too_late'; latest: number }

/**
 * When a label ends: as requested, within what its ground allows. An `unknown` without a requested end lasts as long as the
 * labels that it replaces; otherwise they would come back.
 */
export const expiryOf = (
  command: { label: LabelName; provenance: LabelProvenance; expires_at: number | null; at: number },
  before: readonly { expires_at: number }[],
): { ok: true; expires_at: number } | { ok: false; refusal: ExpiryRefusal } => {
  const { usual, most } = labelDays[command.provenance]
  if (command.expires_at === null) {
    const outlived = command.label === 'unknown' ? before.map(({ expires_at }) => expires_at) : []
    return { ok: true, expires_at: Math.max(command.at + usual * dayMs, ...outlived) }
  }
  if (command.expires_at <= command.at) return { ok: false, refusal: { reason: 'expires_in_past' } }
  const latest = command.at + most * dayMs
  return command.expires_at > latest
    ? { ok: false, refusal: { reason: 'expires_too_late', latest } }
    : { ok: true, expires_at: command.expires_at }
}
