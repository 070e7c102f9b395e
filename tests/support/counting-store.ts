import type { Collection, Store, StoredDocument } from '../../backend/store/port.ts'

/** What was read since the count began: whole documents, lines of lists, and the bytes of both as JSON. */
type ReadCount = { documents: number; lines: number; bytes: number }

export type CountingStore = {
  store: Store
  /** Counts what `work` reads. One at a time. */
  reads: <Answer>(work: () => Promise<Answer>) => Promise<{ answer: Answer; read: ReadCount }>
}

/** A real store that counts what is read from it. */
export const counting = (real: Store): CountingStore => {
  let count: ReadCount = { documents: 0, lines: 0, bytes: 0 }

  const seen = <Value>(kind: 'documents' | 'lines', values: Value[]): Value[] => {
    count[kind] += values.length
    for (const value of values) count.bytes += JSON.stringify(value).length
    return values
  }

  const counted = <Doc extends StoredDocument, Line>(
    inner: Collection<Doc, Line>,
  ): Collection<Doc, Line> => ({
    insert: (doc, part) => inner.insert(doc, part),
    replace: (doc, version, leads) => inner.replace(doc, version, leads),
    get: async (org, id) =>
      seen(
        'documents',
        [await inner.get(org, id)].filter((one) => one !== null),
      )[0] ?? null,
    getRecent: async (org, id) =>
      seen(
        'documents',
        [await inner.getRecent(org, id)].filter((one) => one !== null),
      )[0] ?? null,
    getMany: async (org, ids) => seen('documents', await inner.getMany(org, ids)),
    find: async (query) => seen('documents', await inner.find(query)),
    findLines: async (query) => seen('lines', await inner.findLines(query)),
    remove: (org, id, version) => inner.remove(org, id, version),
    purge: (now, limit) => inner.purge(now, limit),
  })

  return {
    store: {
      engine: real.engine,
      collection: (definition) => counted(real.collection(definition)),
      prepare: (definitions) => real.prepare(definitions),
      ping: () => real.ping(),
      close: () => real.close(),
    },
    reads: async (work) => {
      count = { documents: 0, lines: 0, bytes: 0 }
      const answer = await work()
      return { answer, read: count }
    },
  }
}
