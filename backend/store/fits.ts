import * as z from 'zod/mini'

/**
 * Schemas checked cheaply. A schema is read once and turned into closures that only look: a value which is already what the
 * schema would answer is handed back as it is, without a copy. Everything else goes to the schema itself, which knows the
 * defaults, the transformations and the words of a mistake. What is accepted is therefore what zod accepts; a property test
 * holds the two together. zod's own interpreter of `zod/mini` costs ten to twenty times as much.
 */

type Schema = z.core.$ZodType
type Look = (value: unknown) => boolean

/** Whether parsing by the schema would answer the very same value: valid, nothing added, nothing left out. */
export const fits = <Type extends z.ZodMiniType>(
  schema: Type,
): ((value: unknown) => value is z.infer<Type>) => {
  const look = lookOf(schema)
  return (value): value is z.infer<Type> => look(value)
}

/** The schema's parse for a value that nobody else holds, as JSON makes it: what fits is handed back itself. */
export const parserOf = <Type extends z.ZodMiniType>(schema: Type): ((value: unknown) => z.infer<Type>) => {
  const isFit = fits(schema)
  return (value) => (isFit(value) ? value : schema.parse(value))
}

const looks = new WeakMap<Schema, Look>()

const lookOf = (schema: Schema): Look => {
  const known = looks.get(schema)
  if (known !== undefined) return known
  const look = withChecks(schema, kindOf(schema))
  looks.set(schema, look)
  return look
}

/** What we don't know how to look at is parsed, and must come back as it was; of an object the schema makes a copy. */
const parsed =
  (schema: Schema): Look =>
  (value) => {
    if (typeof value === 'object' && value !== null) return false
    const answer = z.core.safeParse(schema, value)
    return answer.success && Object.is(answer.data, value)
  }

const isText: Look = (value) => typeof value === 'string'
const isNumber: Look = (value) => typeof value === 'number' && Number.isFinite(value)
const isBoolean: Look = (value) => typeof value === 'boolean'
const isNull: Look = (value) => value === null
const isAnything: Look = () => true

/** Null for a schema that has to be parsed. */
const kindOf = (schema: Schema): Look | null => {
  const { core } = z
  if (schema instanceof core.$ZodString) return schema._zod.def.coerce ? null : isText
  if (schema instanceof core.$ZodNumber) return schema._zod.def.coerce ? null : isNumber
  if (schema instanceof core.$ZodBoolean) return schema._zod.def.coerce ? null : isBoolean
  if (schema instanceof core.$ZodNull) return isNull
  if (schema instanceof core.$ZodUnknown) return isAnything
  if (schema instanceof core.$ZodEnum || schema instanceof core.$ZodLiteral) return oneOf(schema._zod.values)
  if (schema instanceof core.$ZodNullable) return orEmpty(null, schema._zod.def.innerType)
  if (schema instanceof core.$ZodOptional) return orEmpty(undefined, schema._zod.def.innerType)
  if (schema instanceof core.$ZodDefault) return present(schema._zod.def.innerType)
  if (schema instanceof core.$ZodArray) return each(schema._zod.def.element)
  if (schema instanceof core.$ZodRecord) return eachNamed(schema)
  if (schema instanceof core.$ZodObject) return fieldsOf(schema)
  if (schema instanceof core.$ZodDiscriminatedUnion) return optionOf(schema)
  if (schema instanceof core.$ZodUnion) return anyOf(schema)
  if (schema instanceof core.$ZodTuple) return inPlaces(schema)
  return null
}

const oneOf = (values: ReadonlySet<unknown>): Look => {
  const all = new Set<unknown>(values)
  return (value) => all.has(value)
}

const orEmpty = (empty: null | undefined, inner: Schema): Look => {
  const look = lookOf(inner)
  return (value) => value === empty || look(value)
}

const present = (inner: Schema): Look => {
  const look = lookOf(inner)
  return (value) => value !== undefined && look(value)
}

const each = (element: Schema): Look => {
  const look = lookOf(element)
  return (value) => {
    if (!Array.isArray(value)) return false
    for (let at = 0; at < value.length; at += 1) if (!look(value[at])) return false
    return true
  }
}

/** A tuple of so many; one with a rest is left to the schema. */
const inPlaces = ({ _zod: { def } }: z.core.$ZodTuple): Look | null => {
  if (def.rest !== null) return null
  const places = def.items.map(lookOf)
  return (value) =>
    Array.isArray(value) && value.length === places.length && places.every((look, at) => look(value[at]))
}

type Loose = Readonly<Record<string, unknown>>
const isLoose = (value: unknown): value is Loose =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Names of a closed list must all be there, unless the schema says otherwise. The name that is no field never fits. */
const eachNamed = (schema: z.core.$ZodRecord): Look | null => {
  const { keyType, valueType, mode, partial } = schema._zod.def
  if (mode === 'loose') return null
  const needed = partial === true ? [] : [...(keyType._zod.values ?? [])].map(String)
  const [isName, look] = [lookOf(keyType), lookOf(valueType)]
  return (value) => {
    if (!isLoose(value)) return false
    for (const name in value) if (name === '__proto__' || !isName(name) || !look(value[name])) return false
    return needed.every((name) => name in value)
  }
}

const fieldsOf = (schema: z.core.$ZodObject): Look | null => {
  const { shape, catchall } = schema._zod.def
  const takesMore = catchall instanceof z.core.$ZodUnknown
  if (catchall !== undefined && !takesMore && !(catchall instanceof z.core.$ZodNever)) return null
  const fields = new Map(
    Object.entries(shape).map(([name, field]) => [
      name,
      { look: lookOf(field), needed: field instanceof z.core.$ZodOptional ? 0 : 1 },
    ]),
  )
  const needed = [...fields.values()].reduce((sum, field) => sum + field.needed, 0)
  return (value) => {
    if (!isLoose(value)) return false
    let found = 0
    for (const name in value) {
      const field = fields.get(name)
      if (field === undefined) {
        // It would be refused or left out: both are the schema's affair.
        if (!takesMore) return false
      } else {
        if (!field.look(value[name])) return false
        found += field.needed
      }
    }
    return found === needed
  }
}

/** A union whose options tell themselves apart by one field. */
const optionOf = (schema: z.core.$ZodDiscriminatedUnion): Look | null => {
  const { discriminator, options } = schema._zod.def
  const byWord = new Map<unknown, Look>()
  for (const option of options) {
    const words = option._zod.propValues?.[discriminator]
    if (words === undefined) return null
    for (const word of words) byWord.set(word, lookOf(option))
  }
  return (value) => isLoose(value) && byWord.get(value[discriminator])?.(value) === true
}

/** Options that are told apart by their kind: none of them makes another value of what a later one would take as it is. */
const anyOf = ({ _zod: { def } }: z.core.$ZodUnion): Look | null => {
  if (!def.options.every(isKind)) return null
  const options = def.options.map(lookOf)
  return (value) => options.some((look) => look(value))
}

const isKind = (schema: Schema): boolean =>
  schema instanceof z.core.$ZodArray
    ? isKind(schema._zod.def.element)
    : ['string', 'number', 'boolean', 'null', 'literal', 'enum'].includes(schema._zod.def.type)

/** The checks behind a kind: bounds, patterns, refinements. A format, such as a date, is a check of its own. */
const withChecks = (schema: Schema, kind: Look | null): Look => {
  if (kind === null) return parsed(schema)
  const checks = [schema, ...(schema._zod.def.checks ?? [])].flatMap(passing)
  return checks.length === 0 ? kind : (value) => kind(value) && checks.every((check) => check(value))
}

/** A check that changes the value is not passed: the schema hands out another one. */
const passing = (one: unknown): Look[] => {
  if (!(one instanceof z.core.$ZodCheck)) return []
  const { def, check } = one._zod
  return [
    (value) => {
      const payload: z.core.ParsePayload = { value, issues: [] }
      if (def.when !== undefined && !def.when(payload)) return true
      check(payload)
      return payload.issues.length === 0 && Object.is(payload.value, value)
    },
  ]
}
