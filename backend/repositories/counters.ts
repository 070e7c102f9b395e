import { type Counter, emptyCounter, type Limit, reserve } from '../session/counter.ts'
import { changeDocument } from '../store/change.ts'
import type { Collection } from '../store/port.ts'

/** Where a counter lies. */
export type CounterRef = { org_id: string; _id: string }

/** `used_up`: the limit is reached; `retryAt` in epoch milliseconds. `busy`: the count can't be kept, so nothing may pass. */
export type Taken =
  | { ok: true }
  | { ok: false; reason: 'used_up'; retryAt: number }
  | { ok: false; reason: 'busy' }

/** Changes a counter in the store. False when it can't be kept: a limit that can't be kept lets nothing pass. */
export const changeCounter = async (
  counters: Collection<Counter>,
  ref: CounterRef,
  step: (counter: Counter) => Counter,
): Promise<boolean> => {
  const changed = await changeDocument(counters, ref, () => emptyCounter(ref), step)
  return changed.ok
}

/** Takes one slot of a limit for `mark`, by compare-and-set; the same mark twice takes one. */
export const reserveSlot = async (
  counters: Collection<Counter>,
  ref: CounterRef,
  { mark, now, limit }: { mark: string; now: number; limit: Limit },
): Promise<Taken> => {
  let taken: Taken = { ok: true }
  const isKept = await changeCounter(counters, ref, (counter) => {
    const reservation = reserve(counter, mark, now, limit)
    taken = reservation.ok ? { ok: true } : { ok: false, reason: 'used_up', retryAt: reservation.retryAt }
    return reservation.ok ? reservation.counter : counter
  })
  return isKept ? taken : { ok: false, reason: 'busy' }
}
