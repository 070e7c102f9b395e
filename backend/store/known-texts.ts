import type { CollectionDefinition, StoredDocument } from './port.ts'
import { type BodyRow, fromStoredText, type StoredTexts, type Told } from './stored-text.ts'

/**
 * A text that was read or written a moment ago says the same when it is read again: the document is handed out once more,
 * without parsing, opening and checking it again. No read is saved, but for whoever asks for what is `recent`: the text is
 * read from the store each time and compared character by character, so what anybody has written since is seen at once. Nor
 * is a person's key: without it, a text that was opened before says nothing of them any more.
 *
 * Documents are shared by all who read them, and so they are frozen before they are handed out.
 */
export type KnownTexts<Doc> = {
  /** Told of each document that was written, once it stands. */
  wrote: (doc: Doc, texts: StoredTexts, asOf?: number) => void
  /** `asOf`: when it was asked for, in steady milliseconds. */
  read: (row: BodyRow, asOf?: number) => Doc | Promise<Doc>
  /** A document that nothing had to be opened for and that stood there less than a second ago; null for every other. */
  recent: (orgId: string, id: string) => Doc | null
  forget: (orgId: string, id: string) => void
}

/** A process's memory of one collection: twice these, at most. */
const keptCharacters = 2_000_000
const keptMs = 1_000

/** `asOf`: when it was last seen to stand. */
type Known<Doc> = Told<Doc> & { body: string; asOf: number }

const steadyMs = () => performance.now()
const afterwards = (work: () => void): void => void setTimeout(work, keptMs).unref()

/** `later`: runs its work after `keptMs`. */
export const openKnownTexts = <Doc extends StoredDocument, Line>(
  definition: CollectionDefinition<Doc, Line>,
  later = afterwards,
  now = steadyMs,
): KnownTexts<Doc> => {
  let young = new Map<string, Known<Doc>>()
  let old: typeof young = new Map()
  let characters = 0
  let willAge = false

  const age = (): void => {
    old = young
    young = new Map()
    characters = 0
  }
  const ageLater = (): void => {
    willAge = true
    later(() => {
      age()
      willAge = false
      if (old.size > 0) ageLater()
    })
  }
  const known = (name: string): Known<Doc> | undefined => young.get(name) ?? old.get(name)
  const remember = (told: Known<Doc>): void => {
    const name = nameOf(told.doc)
    // A read that was under way while we wrote tells what was before.
    if ((known(name)?.doc.version ?? 0) > told.doc.version) return
    characters += told.body.length - (young.get(name)?.body.length ?? 0)
    young.set(name, told)
    if (characters > keptCharacters) age()
    if (!willAge) ageLater()
  }
  const readAnew = (row: BodyRow, asOf: number): Doc | Promise<Doc> => {
    const had = ({ doc, sealed }: Told<Doc>): Doc => {
      if (typeof row.body === 'string') remember({ doc: deepFrozen(doc), body: row.body, sealed, asOf })
      return doc
    }
    const told = fromStoredText(definition, row)
    return told instanceof Promise ? told.then(had) : had(told)
  }
  const readOnce = (row: BodyRow): Doc | Promise<Doc> => {
    const told = fromStoredText(definition, row)
    return told instanceof Promise ? told.then(({ doc }) => doc) : told.doc
  }
  const again = (found: Known<Doc>, asOf: number): Doc => {
    remember({ ...found, asOf })
    return deepFrozen(found.doc)
  }

  return {
    wrote: (doc, { body, sealed }, asOf = now()) => remember({ doc, body, sealed, asOf }),
    read: (row, asOf = now()) => {
      if (definition.isScanned) return readOnce(row)
      const found = known(nameOf(row))
      if (found === undefined || found.body !== row.body) return readAnew(row, asOf)
      if (found.sealed === null || definition.sealer === undefined) return again(found, asOf)
      return definition.sealer
        .canOpen(row.org_id, found.sealed)
        .then((canOpen) => (canOpen ? again(found, asOf) : readAnew(row, asOf)))
    },
    recent: (org_id, _id) => {
      const found = known(nameOf({ org_id, _id }))
      if (found === undefined || found.sealed !== null) return null
      return now() - found.asOf < keptMs ? deepFrozen(found.doc) : null
    },
    forget: (org_id, _id) => {
      const name = nameOf({ org_id, _id })
      young.delete(name)
      old.delete(name)
    },
  }
}

const nameOf = ({ org_id, _id }: { org_id: string; _id: string }): string => `${org_id}/${_id}`

/** Freezes a document in place, as far as it isn't yet: a changed copy shares most of what it was copied from. */
export const deepFrozen = <Value>(value: Value): Value => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  Object.freeze(value)
  for (const part of Object.values(value)) deepFrozen(part)
  return value
}
