import { dayMs } from '#contract/durations'
import type { TaughtThing } from '#contract/event-result'
import type { NormalisedEvent } from '#contract/normalised-event'

/**
 * What `learn` takes into a profile from an event that really happened and arrived at `arrivedAt`: a test holds the two
 * together. Coordinates without a country are a place only while their time is one.
 */
export const taughtBy = (
  { keys, location, amount, payee, occurred_at: at }: NormalisedEvent,
  arrivedAt: number,
): TaughtThing[] => {
  const isPayment = amount !== null && amount.value > 0 && payee !== null && keys.payee !== null
  const isPlaced =
    location.country !== null || (location.lat !== null && location.lon !== null && at >= arrivedAt - dayMs)
  return [
    ...(keys.device === null ? [] : (['device'] as const)),
    ...(isPlaced ? (['place'] as const) : []),
    'hour',
    ...(isPayment ? (['payee', 'amount'] as const) : []),
  ]
}
