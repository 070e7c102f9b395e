/**
 * The few functions of `zod/mini` that the contract's frame-side schemas use, with the same verdicts, for the frame's
 * bundle alone (the build puts it in place of `zod/mini`). Requirement: a phone on a poor line loads at most 16 kB before
 * the question is usable, and zod would be 6.4 kB of that; it also probes `Function`, which Trusted Types report.
 *
 * The contract stays the only source: it is written against zod and checked with it everywhere else. Its schemas
 * transform nothing, so accepting is all there is to do, and a test compares both on thousands of values. A schema that
 * uses anything further fails the build, because it is not exported here. What makes a schema has no side effects, and is
 * marked so, that the build drops the schemas which the frame does not use.
 */

type Accepts = (value: unknown) => boolean

const schema = <Extra extends object>(accepts: Accepts, extra: Extra) => ({
  accepts,
  check: (...checks: Accepts[]) =>
    schema((value) => accepts(value) && checks.every((check) => check(value)), extra),
  safeParse: (data: unknown) => (accepts(data) ? { success: true, data } : { success: false }),
  ...extra,
})
type Schema = { accepts: Accepts }
type Shape = Record<string, Schema>

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/* @__NO_SIDE_EFFECTS__ */
export const string = () => schema((value) => typeof value === 'string', {})
/* @__NO_SIDE_EFFECTS__ */
export const boolean = () => schema((value) => typeof value === 'boolean', {})
/* @__NO_SIDE_EFFECTS__ */
export const int = () => schema(Number.isSafeInteger, {})
/* @__NO_SIDE_EFFECTS__ */
export const literal = (only: string) => schema((value) => value === only, {})
/* @__NO_SIDE_EFFECTS__ */
const oneOf = (options: readonly string[]) =>
  schema((value) => options.some((option) => option === value), { options })

export { oneOf as enum }

/* @__NO_SIDE_EFFECTS__ */
export const array = (item: Schema) =>
  schema((value) => Array.isArray(value) && value.every(item.accepts), {})
/* @__NO_SIDE_EFFECTS__ */
export const nullable = (inner: Schema) => schema((value) => value === null || inner.accepts(value), {})
/* @__NO_SIDE_EFFECTS__ */
export const optional = (inner: Schema) =>
  schema((value) => value === undefined || inner.accepts(value), { optional: true })

/* @__NO_SIDE_EFFECTS__ */
export const strictObject = (shape: Shape) =>
  schema(
    (value) =>
      isRecord(value) &&
      Object.keys(value).every((key) => Object.hasOwn(shape, key)) &&
      Object.entries(shape).every(
        ([key, field]) => (key in value || 'optional' in field) && field.accepts(value[key]),
      ),
    {},
  )
/** The contract's variants exclude each other by their literal, so trying each in turn gives the same verdict. */
/* @__NO_SIDE_EFFECTS__ */
export const discriminatedUnion = (_discriminator: string, variants: readonly Schema[]) =>
  schema((value) => variants.some((variant) => variant.accepts(value)), {})

const size = (value: unknown) =>
  typeof value === 'string' || Array.isArray(value) ? value.length : Number(value)
/* @__NO_SIDE_EFFECTS__ */
const atMost = (most: number) => (value: unknown) => size(value) <= most
/* @__NO_SIDE_EFFECTS__ */
const atLeast = (least: number) => (value: unknown) => size(value) >= least

export { atLeast as gte, atMost as lte, atMost as maxLength }
