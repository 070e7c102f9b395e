import { busy } from '../errors.ts'
import { type Counter, emptyCounter, type Limit, reserve } from '../session/counter.ts'
import { changeDocument } from '../store/change.ts'
import type { Collection } from '../store/port.ts'

/** Where a counter lies, and the sentence for a caller whose counter too many writers change at once. */
export type CounterRef = { org_id: string; _id: string; tooBusy: string }

export type Taken = { ok: true } | { ok: false; retryAt: number }

/** Changes a counter in the store. Throws 503 `busy` when it can't be kept: a limit that can't be kept lets nothing pass. */
export const changeCounter = async (
  counters: Collection<Counter>,
  { tooBusy, ...ref }: CounterRef,
  step: (counter: Counter) => Counter,
): Promise<void> => {
  const changed = await changeDocument(counters, ref, () => emptyCounter(ref), step)
  if (!changed.ok) throw busy(tooBusy)
}

/** Takes one slot of a limit for `mark`, by compare-and-set; the same mark twice takes one. `retryAt`: epoch milliseconds. */
export const reserveSlot = async (
  counters: Collection<Counter>,
  ref: CounterRef,
  wish: { mark: string; now: number; limit: Limit },
): Promise<Taken> => {
  let taken: Taken = { ok: true }
  await changeCounter(counters, ref, (counter) => {
    const reservation = reserve(counter, wish.mark, wish.now, wish.limit)
    taken = reservation.ok ? { ok: true } : reservation
    return reservation.ok ? reservation.counter : counter
  })
  return taken
}
