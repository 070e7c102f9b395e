import { deepStrictEqual } from 'node:assert'
import { deepFrozen } from '../../backend/store/known-texts.ts'
import type { CollectionDefinition, Store, StoredDocument } from '../../backend/store/port.ts'
import type { Part, Tie } from '../../backend/store/tie.ts'

/**
 * A store that writes nothing but what it would read back the same. A process takes what it has just written for what it
 * reads a moment later; what other processes would make of it shows here. For the same reason nobody may change what they
 * have handed over: here that throws.
 */
export const checkingWrites = (store: Store): Store => ({
  ...store,
  collection: <Doc extends StoredDocument, Line>(definition: CollectionDefinition<Doc, Line>) => {
    const inner = store.collection(definition)
    const checked = (doc: Doc): Doc => {
      const sparse = definition.sparse?.document
      deepStrictEqual(definition.parse(JSON.parse(JSON.stringify(doc))), doc)
      if (sparse !== undefined)
        deepStrictEqual(
          definition.parse(sparse.putBack(JSON.parse(JSON.stringify(sparse.leaveOut(doc))))),
          doc,
        )
      return deepFrozen(doc)
    }
    return {
      ...inner,
      insert: async (doc: Doc, part?: Part) => inner.insert(checked(doc), part),
      replace: async (doc: Doc, expectedVersion: number, leads?: Tie) =>
        inner.replace(checked(doc), expectedVersion, leads),
    }
  },
})
