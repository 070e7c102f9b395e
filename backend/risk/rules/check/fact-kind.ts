import {
  booleanFact,
  isMetadataFact,
  type MetadataType,
  metadataFact,
  metadataType,
  numberFact,
  textFact,
  type Unit,
  unitOf,
} from '#contract/rule-fact'
import { objectOf } from './problems.ts'

/** How a fact is asked about. */
export type FactKind = 'number' | 'boolean' | 'text'
export type DeclaredFields = ReadonlyMap<string, MetadataType>

/** What a policy declares of `metadata`, as far as it can be read: the policy's shape is checked elsewhere. */
export const declaredIn = (json: unknown): DeclaredFields =>
  new Map(
    Object.entries(objectOf(json) ?? {}).flatMap(([name, type]) => {
      const known = metadataType.safeParse(type)
      return known.success ? [[`metadata.${name}`, known.data] as const] : []
    }),
  )

const declaredKinds: Record<MetadataType, FactKind> = {
  string: 'text',
  number: 'number',
  boolean: 'boolean',
  date: 'number',
}

/** Null if there is no such fact, or the policy does not declare it. */
export const kindOf = (fact: unknown, declared: DeclaredFields): FactKind | null => {
  if (typeof fact !== 'string') return null
  if (isMetadataFact(fact)) {
    const type = metadataFact.safeParse(fact).success ? declared.get(fact) : undefined
    return type === undefined ? null : declaredKinds[type]
  }
  if (numberFact.safeParse(fact).success) return 'number'
  if (booleanFact.safeParse(fact).success) return 'boolean'
  return textFact.safeParse(fact).success ? 'text' : null
}

/** What a number counts; null of a number that the site calls one: it may be compared with any. */
export const unitIn = (fact: unknown, declared: DeclaredFields): Unit | null => {
  const known = numberFact.safeParse(fact)
  if (known.success) return unitOf(known.data)
  return typeof fact === 'string' && declared.get(fact) === 'date' ? 'minutes' : null
}
