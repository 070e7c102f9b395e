import { dayMs, hourMs } from '#contract/durations'
import type { ActionFamily } from '#contract/outcome'
import { type Hold, type HoldReason, prune, repeatWindowMs, type UserHolds } from './user-holds.ts'

/** What opened it: answers, contradictions, a third abandonment, or sharing during a payment. */
export type HoldTrigger = HoldReason

export type HoldRequest = {
  session_id: string
  hold_id: string
  incident_id: string
  family: ActionFamily
  payee_key: string | null
  trigger: HoldTrigger
  /** Whether an objective signal stood beside the answer: then *not sure* counts like *yes*. */
  objective: boolean
  at: number
  /** The organisation's preset for a *yes*: 12, 24 or 72 hours. */
  hours: number
}

export type OpenedHold = { userHolds: UserHolds; hold: Hold }

/** A first *not sure* is an honest person's answer: a short hold, no incident. */
const shortHoldMs = hourMs / 2
const longestHoldMs = 7 * dayMs

/**
 * Opens a hold, or answers the one that this session opened before: the id derives from the session, so a
 * crash between hold and session costs nothing. A session that got no further than that may be answered again, and
 * with another answer: what was short becomes long, what somebody released meanwhile is opened again, and nothing
 * becomes shorter.
 *
 * Repeats within 30 days double, up to seven days. One that reaches them is an analyst's: it doesn't end by time.
 */
export const openHold = (userHolds: UserHolds, request: HoldRequest): OpenedHold => {
  const existing = userHolds.holds.find((entry) => entry.id === request.hold_id)
  const pruned = prune(withoutSession(userHolds, request), request.at)
  const short = isShort(pruned, request)
  const isLong = existing !== undefined && existing.incident_id !== null
  if (existing?.released === null && (isLong || short)) return { userHolds, hold: existing }

  const length = short ? shortHoldMs : fullLength(pruned, request)
  const hold: Hold = {
    id: request.hold_id,
    session_id: request.session_id,
    incident_id: short ? null : request.incident_id,
    family: request.family,
    payee_key: request.payee_key,
    reason: request.trigger,
    opened_at: request.at,
    ends_at: request.at + length,
    needs_release: length === longestHoldMs,
    released: null,
  }
  const notSure =
    request.trigger === 'answered_not_sure'
      ? [...pruned.not_sure, { session_id: request.session_id, at: request.at }]
      : pruned.not_sure
  return { userHolds: { ...pruned, holds: [...pruned.holds, hold], not_sure: notSure }, hold }
}

/** The holds as they would be if this session had not been heard yet: it is no repetition of itself. */
const withoutSession = (userHolds: UserHolds, { hold_id, session_id }: HoldRequest): UserHolds => ({
  ...userHolds,
  holds: userHolds.holds.filter((entry) => entry.id !== hold_id),
  not_sure: userHolds.not_sure.filter((mark) => mark.session_id !== session_id),
})

const isShort = (userHolds: UserHolds, request: HoldRequest): boolean =>
  request.trigger === 'sharing' ||
  (request.trigger === 'answered_not_sure' && !request.objective && userHolds.not_sure.length === 0)

const fullLength = (userHolds: UserHolds, request: HoldRequest): number => {
  const repeats = userHolds.holds.filter(
    (entry) => entry.incident_id !== null && entry.opened_at > request.at - repeatWindowMs,
  ).length
  return Math.min(request.hours * hourMs * 2 ** repeats, longestHoldMs)
}
