import { type PersonalFields, personalValues } from './personal-fields.ts'

/** The sealed texts that a document was read with. */
export type SealedTexts = { document: string | null; line: string | null }

type Known = { values: readonly unknown[]; texts: SealedTexts; ref: string }

/**
 * What a document was read with, so that a change which leaves alone what is about the person seals nothing again. A
 * document is known by the very objects in it, which a changed copy shares with what was read.
 */
const known = new WeakMap<object, Known>()

const anchorIn = (values: readonly unknown[]): object | undefined =>
  values.find((value) => typeof value === 'object' && value !== null) ?? undefined

export const rememberSealed = (
  ref: string,
  doc: unknown,
  fields: PersonalFields,
  texts: SealedTexts,
): void => {
  const values = personalValues(doc, fields)
  const anchor = anchorIn(values)
  if (anchor !== undefined) known.set(anchor, { values, texts, ref })
}

/** Null when something of it has changed, or it was never read. */
export const sealedBefore = (ref: string, doc: unknown, fields: PersonalFields): SealedTexts | null => {
  const values = personalValues(doc, fields)
  const anchor = anchorIn(values)
  const found = anchor === undefined ? undefined : known.get(anchor)
  if (found === undefined || found.ref !== ref || found.values.length !== values.length) return null
  return found.values.every((value, index) => Object.is(value, values[index])) ? found.texts : null
}
