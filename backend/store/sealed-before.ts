import { type PersonalFields, personalValues } from './personal-fields.ts'
import type { Sealer } from './port.ts'

/** The sealed texts that a document was read with. */
export type SealedTexts = { document: string | null; line: string | null }

/** Whose keys sealed it, and which document it is: a copy for another store, or under another id, is sealed anew. */
export type SealedWhere = { sealer: Sealer; ref: string }

type Known = SealedWhere & { values: readonly unknown[]; texts: SealedTexts }

/**
 * What a document was read with, so that a change which leaves alone what is about the person seals nothing again. A
 * document is known by the very objects in it, which a changed copy shares with what was read.
 */
const known = new WeakMap<object, Known>()

const anchorIn = (values: readonly unknown[]): object | undefined =>
  values.find((value) => typeof value === 'object' && value !== null) ?? undefined

export const rememberSealed = (
  where: SealedWhere,
  doc: unknown,
  fields: PersonalFields,
  texts: SealedTexts,
): void => {
  const values = personalValues(doc, fields)
  const anchor = anchorIn(values)
  if (anchor !== undefined) known.set(anchor, { ...where, values, texts })
}

/** Null when something of it has changed, or it was never read. */
export const sealedBefore = (
  where: SealedWhere,
  doc: unknown,
  fields: PersonalFields,
): SealedTexts | null => {
  const values = personalValues(doc, fields)
  const anchor = anchorIn(values)
  const found = anchor === undefined ? undefined : known.get(anchor)
  if (found === undefined || found.values.length !== values.length) return null
  if (found.sealer !== where.sealer || found.ref !== where.ref) return null
  return found.values.every((value, index) => Object.is(value, values[index])) ? found.texts : null
}
