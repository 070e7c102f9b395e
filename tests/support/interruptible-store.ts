import type { Collection, Store, StoredDocument } from '../../backend/store/port.ts'

/** Which call to the store, counted from 1, and what happens right before or right after it. */
type Interruption = { at: number; when: 'before' | 'after'; run: () => Promise<void> }

/** `writes` counts inserts and replaces alone; `calls` counts reads too. */
type Counting = 'writes' | 'calls'

export type InterruptibleStore = {
  store: Store
  /** Counts from here on, and interrupts once. Null only counts. */
  arm: (interruption: Interruption | null, counting: Counting) => void
  /** How many calls there have been since it was armed, and whether the interruption came. Stops counting. */
  disarm: () => { count: number; interrupted: boolean }
}

/**
 * A real store whose user can be stopped at any call: `run` may wait, let others work, or throw as a process dies. What
 * was written before stays written.
 */
export const interruptible = (real: Store): InterruptibleStore => {
  let armed: { interruption: Interruption | null; counting: Counting } | null = null
  let count = 0
  let interrupted = false

  const through = async <Answer>(isWrite: boolean, work: () => Promise<Answer>): Promise<Answer> => {
    if (armed === null || (armed.counting === 'writes' && !isWrite)) return work()
    count += 1
    const { interruption } = armed
    const due = interruption?.at === count ? interruption : null
    if (due !== null) interrupted = true
    if (due?.when === 'before') await due.run()
    const answer = await work()
    if (due?.when === 'after') await due.run()
    return answer
  }

  const watched = <Doc extends StoredDocument, Line>(
    inner: Collection<Doc, Line>,
  ): Collection<Doc, Line> => ({
    insert: (doc, part) => through(true, () => inner.insert(doc, part)),
    replace: (doc, version, leads) => through(true, () => inner.replace(doc, version, leads)),
    get: (org, id) => through(false, () => inner.get(org, id)),
    getRecent: (org, id) => through(false, () => inner.getRecent(org, id)),
    getMany: (org, ids) => through(false, () => inner.getMany(org, ids)),
    find: (query) => through(false, () => inner.find(query)),
    findLines: (query) => through(false, () => inner.findLines(query)),
    remove: (org, id, version) => inner.remove(org, id, version),
    purge: (now, limit) => inner.purge(now, limit),
  })

  return {
    store: {
      engine: real.engine,
      collection: (definition) => watched(real.collection(definition)),
      prepare: (definitions) => real.prepare(definitions),
      ping: () => real.ping(),
      close: () => real.close(),
    },
    arm: (interruption, counting) => {
      armed = { interruption, counting }
      count = 0
      interrupted = false
    },
    disarm: () => {
      armed = null
      return { count, interrupted }
    },
  }
}
