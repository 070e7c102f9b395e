/**
 * Which fields of a shape are about a person, as a tree with the document's own names: `personal(erased)` where such a
 * field stands. What the tree names and a document doesn't have is passed over.
 */
export type PersonalFields = { readonly [name: string]: PersonalFields | PersonalField | EachOf }

/** `erased` takes the field's place when it can't be read any more; it must fit the schema there. */
class PersonalField {
  readonly erased: unknown
  constructor(erased: unknown) {
    this.erased = erased
  }
}

class EachOf {
  readonly fields: PersonalFields
  constructor(fields: PersonalFields) {
    this.fields = fields
  }
}

export const personal = <Value>(erased: Value): PersonalField => new PersonalField(erased)

/** The same fields in every element of a list. */
export const eachOf = (fields: PersonalFields): EachOf => new EachOf(fields)

type Loose = Record<string, unknown>
const isLoose = (value: unknown): value is Loose => typeof value === 'object' && value !== null

/** What is stored in the clear, and what is sealed: shapes for JSON, which leaves out what is undefined. */
export const takeOut = (value: unknown, fields: PersonalFields): { open: unknown; part: unknown } => {
  if (!isLoose(value)) return { open: value, part: undefined }
  const open: Loose = { ...value }
  const part: Loose = {}
  for (const [name, field] of Object.entries(fields)) {
    const found = value[name]
    if (field instanceof PersonalField) {
      open[name] = undefined
      part[name] = found
    } else {
      const taken = field instanceof EachOf ? takeOutOfEach(found, field) : takeOut(found, field)
      open[name] = taken.open
      part[name] = taken.part
    }
  }
  return { open, part }
}

const takeOutOfEach = (list: unknown, { fields }: EachOf): { open: unknown; part: unknown } => {
  if (!Array.isArray(list)) return { open: list, part: undefined }
  const taken = list.map((element) => takeOut(element, fields))
  return { open: taken.map(({ open }) => open), part: taken.map(({ part }) => part) }
}

/** Puts back what `takeOut` took, into what JSON gave. Changes `open`, which nobody else may hold. */
export const putBack = (open: unknown, part: unknown): void => {
  if (!isLoose(open) || !isLoose(part)) return
  for (const [name, value] of Object.entries(part)) {
    if (name in open) putBack(open[name], value)
    else open[name] = value
  }
}

/** Puts the erased values where fields are missing. Changes `open`, which nobody else may hold. */
export const putErased = (open: unknown, fields: PersonalFields): void => {
  if (!isLoose(open)) return
  for (const [name, field] of Object.entries(fields)) {
    if (field instanceof PersonalField) {
      if (!(name in open)) open[name] = field.erased
    } else if (!(field instanceof EachOf)) putErased(open[name], field)
    else if (Array.isArray(open[name])) for (const element of open[name]) putErased(element, field.fields)
  }
}

/** What stands in the fields, in one order: two documents with the same values there say the same of the person. */
export const personalValues = (value: unknown, fields: PersonalFields): unknown[] => {
  if (!isLoose(value)) return []
  return Object.entries(fields).flatMap(([name, field]) => {
    const found = value[name]
    if (field instanceof PersonalField) return [found]
    if (!(field instanceof EachOf)) return personalValues(found, field)
    return Array.isArray(found) ? found.flatMap((element) => personalValues(element, field.fields)) : []
  })
}
