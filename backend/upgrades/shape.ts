import type { Upgrade } from '../store/port.ts'

/** What one number's shape lacks to be the next one's. Every name but those on the left of `renamed` is the newer one. */
export type Change = {
  /** Old name → new name. */
  renamed?: Readonly<Record<string, string>>
  /** Fields that did not exist, with what they say of a document of before. */
  added?: Readonly<Record<string, unknown>>
  /** What changes inside a field, where it is there and not null. */
  inside?: Readonly<Record<string, Upgrade>>
}

type Loose = Readonly<Record<string, unknown>>

export const isLoose = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The upgrade of an object. What it doesn't name stays as it was; what is no object, too. */
export const object =
  ({ renamed = {}, added = {}, inside = {} }: Change): Upgrade =>
  (stored) => {
    if (!isLoose(stored)) return stored
    const next: Record<string, unknown> = { ...added }
    for (const [name, value] of Object.entries(stored)) {
      const called = renamed[name] ?? name
      const change = inside[called]
      next[called] = change === undefined || value === null ? value : change(value)
    }
    return next
  }

/** Puts flat fields into groups. A group that none of its fields is there for does not come to be. */
export const grouped = (groups: Readonly<Record<string, readonly string[]>>): Upgrade => {
  const groupOf = new Map(
    Object.entries(groups).flatMap(([group, names]) => names.map((name) => [name, group])),
  )
  return (stored) => {
    if (!isLoose(stored)) return stored
    const flat: Record<string, unknown> = {}
    const inGroups: Record<string, Record<string, unknown>> = {}
    for (const [name, value] of Object.entries(stored)) {
      const group = groupOf.get(name)
      if (group === undefined) flat[name] = value
      else inGroups[group] = { ...inGroups[group], [name]: value }
    }
    return { ...flat, ...inGroups }
  }
}

/** The same upgrade for every element of a list. */
export const list =
  (change: Upgrade): Upgrade =>
  (stored) =>
    Array.isArray(stored) ? stored.map((element: unknown) => change(element)) : stored

/** Words of a closed list that are called otherwise now. */
export const words =
  (renamed: Readonly<Record<string, string>>): Upgrade =>
  (stored) =>
    typeof stored === 'string' ? (renamed[stored] ?? stored) : stored

/** One upgrade after the other. */
export const inTurn =
  (...steps: readonly Upgrade[]): Upgrade =>
  (stored) =>
    steps.reduce((shape, step) => step(shape), stored)
