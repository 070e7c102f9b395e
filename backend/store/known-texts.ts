import type { CollectionDefinition, StoredDocument } from './port.ts'
import { type BodyRow, fromStoredText, type StoredTexts, type Told, toStoredTexts } from './stored-text.ts'

/**
 * A text that was read or written a moment ago says the same when it is read again: the document is handed out once more,
 * without parsing, opening and checking it again. No read is saved: the text is read from the store each time and compared
 * character by character, so what anybody has written since is seen at once. Nor is a person's key: without it, a text that
 * was opened before says nothing of them any more.
 *
 * Documents are shared by all who read them, and so they are frozen before they are handed out.
 */
export type KnownTexts<Doc> = {
  /** The texts of a document that is about to be written. */
  write: (doc: Doc) => StoredTexts | Promise<StoredTexts>
  read: (row: BodyRow) => Doc | Promise<Doc>
}

/** A process's memory of one collection: twice these, at most. */
const keptCharacters = 2_000_000
const keptMs = 1_000

type Known<Doc> = Told<Doc> & { body: string }

const afterwards = (work: () => void): void => void setTimeout(work, keptMs).unref()

/** `later`: runs its work after `keptMs`. */
export const openKnownTexts = <Doc extends StoredDocument, Line>(
  definition: CollectionDefinition<Doc, Line>,
  later = afterwards,
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
  const remember = (known: Known<Doc>): void => {
    const name = nameOf(known.doc)
    characters += known.body.length - (young.get(name)?.body.length ?? 0)
    young.set(name, known)
    if (characters > keptCharacters) age()
    if (!willAge) ageLater()
  }
  const wrote = (doc: Doc, texts: StoredTexts): StoredTexts => {
    remember({ doc, body: texts.body, sealed: texts.sealed })
    return texts
  }
  const readAnew = (row: BodyRow): Doc | Promise<Doc> => {
    const told = fromStoredText(definition, row)
    return told instanceof Promise ? told.then((opened) => hadRead(row, opened)) : hadRead(row, told)
  }
  const readOnce = (row: BodyRow): Doc | Promise<Doc> => {
    const told = fromStoredText(definition, row)
    return told instanceof Promise ? told.then(({ doc }) => doc) : told.doc
  }
  const hadRead = ({ body }: BodyRow, { doc, sealed }: Told<Doc>): Doc => {
    if (typeof body === 'string') remember({ doc: deepFrozen(doc), body, sealed })
    return doc
  }
  const again = (known: Known<Doc>): Doc => {
    if (young.get(nameOf(known.doc)) !== known) remember(known)
    return deepFrozen(known.doc)
  }

  return {
    write: (doc) => {
      const texts = toStoredTexts(definition, doc)
      return texts instanceof Promise ? texts.then((sealed) => wrote(doc, sealed)) : wrote(doc, texts)
    },
    read: (row) => {
      if (definition.isScanned) return readOnce(row)
      const name = nameOf(row)
      const known = young.get(name) ?? old.get(name)
      if (known === undefined || known.body !== row.body) return readAnew(row)
      if (known.sealed === null || definition.sealer === undefined) return again(known)
      return definition.sealer
        .canOpen(row.org_id, known.sealed)
        .then((canOpen) => (canOpen ? again(known) : readAnew(row)))
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
