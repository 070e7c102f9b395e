/**
 * What goes without saying is not written. A collection may say what is usual in a document: a value, or what follows from
 * another field. Where that is so, the field is left out of the stored text, and put back when the text is read. It is
 * part of the stored shape: what has once been usual stays so.
 */

type Scalar = string | number | boolean | null
type Loose = Record<string, unknown>

/** What follows from the document, as far as it is complete: what stands first in the list of what is usual is put back first. */
export type Derived = (document: Readonly<Loose>, place: Place) => unknown

/** Where an element of a list stands, and what it stands in. */
type Place = { list: readonly unknown[]; index: number }

/** What is usual in a shape; what it doesn't name is always written. */
export type Usual<Shape> = {
  readonly [Name in keyof Shape]?:
    | Extract<Shape[Name], Scalar>
    | Derived
    | SameAs
    | (NonNullable<Shape[Name]> extends readonly (infer Element)[]
        ? Each<Element>
        : NonNullable<Shape[Name]> extends object
          ? Usual<NonNullable<Shape[Name]>>
          : never)
}

class Each<Element> {
  readonly usual: Usual<Element>
  constructor(usual: Usual<Element>) {
    this.usual = usual
  }
}

class SameAs {
  readonly path: readonly string[]
  constructor(path: readonly string[]) {
    this.path = path
  }
}

/** What is usual in every element of a list. */
export const each = <Element>(usual: Usual<Element>): Each<Element> => new Each(usual)

/**
 * A single value that stands elsewhere in the document; null where nothing does. It is always written, or stands in a part
 * that is put back before this one, and it must not change while this stays.
 */
export const sameAs = (path: string): SameAs => new SameAs(path.split('.'))
/** What stands in a field; null where there is none. */
export const fieldOf = (value: unknown, name: string): unknown =>
  isLoose(value) ? (value[name] ?? null) : null
export const noEntries: Derived = () => []
export const noFields: Derived = () => ({})

export type Sparse = {
  /** A copy without what is usual, for JSON, which leaves out what is undefined. */
  leaveOut: (document: unknown) => unknown
  /** The same with all that is usual. */
  putBack: (stored: unknown) => unknown
}

type Change = (value: Loose, document: Loose | null, place: Place) => Loose

export const sparse = <Shape>(usual: Usual<Shape>): Sparse => {
  const [without, completed] = [changeOf(usual, leavingOut), changeOf(usual, puttingBack)]
  return {
    leaveOut: (document) => (isLoose(document) ? without(document, document, alone) : document),
    putBack: (stored) => (isLoose(stored) ? completed(stored, null, alone) : stored),
  }
}

const alone: Place = { list: [], index: 0 }

/** The lines of a change's code: what is usual in one field, and what is done inside it. */
type Field = { name: string; usual: string } | { name: string; inside: string }
type Writing = (fields: readonly Field[]) => string

/**
 * A change, compiled: its code names each field. One loop over all shapes takes three times as long, because the engine
 * can't know where in an object it will find what the loop asks for. Only names and values of our own code are in it.
 */
const changeOf = (shape: object, writing: Writing): Change => {
  const parts: unknown[] = []
  const part = (one: unknown): string => `parts[${parts.push(one) - 1}]`
  const fields = Object.entries(shape).map(([name, said]: [string, unknown]): Field => {
    const key = JSON.stringify(name)
    if (said instanceof SameAs)
      return { name: key, usual: `(document${said.path.map(step).join('')} ?? null)` }
    if (typeof said === 'function') return { name: key, usual: `${part(said)}(document, place)` }
    if (typeof said !== 'object' || said === null) return { name: key, usual: JSON.stringify(said) }
    const inner =
      said instanceof Each ? eachOf(changeOf(said.usual, writing)) : insideOf(changeOf(said, writing))
    return { name: key, inside: part(inner) }
  })
  const compiled: unknown = new Function('parts', 'isAlike', `return ${writing(fields)}`)(parts, isAlike)
  if (!isChange(compiled)) throw new TypeError('no change was compiled')
  return compiled
}

const step = (name: string): string => `?.[${JSON.stringify(name)}]`
const isChange = (compiled: unknown): compiled is Change => typeof compiled === 'function'

const leavingOut: Writing = (fields) => {
  const kept = (field: Field): string => {
    const found = `value[${field.name}]`
    return 'usual' in field
      ? `isAlike(${found}, ${field.usual}) ? undefined : ${found}`
      : `${field.inside}(${found}, document)`
  }
  return `(value, document, place) => ({ ...value, ${fields.map((field) => `${field.name}: ${kept(field)}`).join(', ')} })`
}

const puttingBack: Writing = (fields) => {
  const put = (field: Field): string => {
    const found = `value[${field.name}]`
    return 'usual' in field
      ? `if (${found} === undefined) ${found} = ${field.usual};`
      : `if (${found}) ${found} = ${field.inside}(${found}, document);`
  }
  const blank = fields.flatMap((field) => ('usual' in field ? [`${field.name}: undefined`] : []))
  return `(stored, whole, place) => {
    const value = { ${[...blank, '...stored'].join(', ')} }
    const document = whole ?? value
    ${fields.map(put).join(' ')}
    return value
  }`
}

const insideOf = (change: Change) => (found: unknown, document: Loose) =>
  isLoose(found) ? change(found, document, alone) : found

const eachOf = (change: Change) => (list: unknown, document: Loose) =>
  Array.isArray(list)
    ? list.map((one: unknown, index) => (isLoose(one) ? change(one, document, { list, index }) : one))
    : list

const isHolder = (value: unknown): value is Loose => typeof value === 'object' && value !== null
const isLoose = (value: unknown): value is Loose => isHolder(value) && !Array.isArray(value)

const isAlike = (one: unknown, other: unknown): boolean => {
  if (one === other) return true
  if (!isHolder(one)) return false
  if (Array.isArray(one)) {
    if (!Array.isArray(other) || one.length !== other.length) return false
    for (let at = 0; at < one.length; at += 1) if (!isAlike(one[at], other[at])) return false
    return true
  }
  if (!(isLoose(one) && isLoose(other))) return false
  let names = 0
  for (const name in one) {
    if (!isAlike(one[name], other[name])) return false
    names += 1
  }
  for (const _ in other) names -= 1
  return names === 0
}
