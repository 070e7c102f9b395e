import { setImmediate } from 'node:timers/promises'

/** How long a slice of long work may keep the thread, on which payments are judged as well. */
const sliceMs = 2
/** Between its reads and its writes a payment comes back this often: it gets on by several steps between two slices. */
const turnsGiven = 4
/** How many writes of long work may wait for one commit: a payment's write waits behind them. */
const writesAtOnce = 64

/** Asked again and again by long work: gives everybody else their turn whenever a slice is used up. */
export type Turn = () => Promise<void>

export const openTurns = (): Turn => {
  let since = performance.now()
  return async () => {
    if (performance.now() - since < sliceMs) return
    for (let given = 0; given < turnsGiven; given += 1) await setImmediate()
    since = performance.now()
  }
}

/**
 * Does the work for each item, many side by side, so that what a slice has ready is committed together. After a fault
 * nothing more is begun; it rejects with the first one when all that was under way has ended.
 */
export const sideBySide = async <Item>(
  items: Iterable<Item>,
  turn: Turn,
  work: (item: Item) => Promise<void>,
): Promise<void> => {
  const underWay = new Set<Promise<void>>()
  const faults: unknown[] = []
  for (const item of items) {
    const one = work(item)
      .catch((fault: unknown) => void faults.push(fault))
      .finally(() => underWay.delete(one))
    underWay.add(one)
    await turn()
    if (underWay.size >= writesAtOnce) await Promise.race(underWay)
    if (faults.length > 0) break
  }
  await Promise.all(underWay)
  if (faults.length > 0) throw faults[0]
}
