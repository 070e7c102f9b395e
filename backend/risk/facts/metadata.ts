import * as z from 'zod/mini'
import { minuteMs } from '#contract/durations'
import { type MetadataType, metadataTextMax } from '#contract/rule-fact'
import { dateTime } from '#contract/text'
import type { Policy } from '../policy.ts'
import type { EvaluatedEvent } from './action.ts'
import { factGroup } from './fact-group.ts'

const value = z.union([z.string(), z.number(), z.boolean()])
type Value = z.infer<typeof value>

/** What each type takes, and what a rule reads of it; anything else is a mistake of the site's. */
const readAs: Record<MetadataType, (given: unknown, now: number) => Value | null> = {
  string: (given) => (typeof given === 'string' && given.length <= metadataTextMax ? given : null),
  number: (given) => (typeof given === 'number' ? given : null),
  boolean: (given) => (typeof given === 'boolean' ? given : null),
  date: (given, now) => {
    const at = dateTime.safeParse(given)
    const ms = at.success ? Date.parse(at.data) : Number.NaN
    return Number.isNaN(ms) ? null : Math.floor((now - ms) / minuteMs)
  },
}

/**
 * The fields of `metadata` that the policy declares; everything else in it stays opaque. A field that is absent or null is
 * unknown. One of another type than was declared is unknown too, and is named, so that the site hears of it.
 */
export const metadataUnder = (
  { metadata }: Pick<EvaluatedEvent, 'metadata'>,
  { metadata: declared }: Pick<Policy, 'metadata'>,
  now: number,
): { metadata: Record<string, Value>; 'metadata.mistyped': string[] } => {
  const read: Record<string, Value> = {}
  const mistyped: string[] = []
  const fields = Object.entries(declared)
  if (metadata === null || fields.length === 0) return { metadata: read, 'metadata.mistyped': mistyped }
  const sent = new Map(Object.entries(z.record(z.string(), z.unknown()).parse(JSON.parse(metadata))))
  for (const [name, type] of fields) {
    const given = sent.get(name)
    if (given === undefined || given === null) continue
    const one = readAs[type](given, now)
    if (one === null) mistyped.push(name)
    else read[name] = one
  }
  return { metadata: read, 'metadata.mistyped': mistyped }
}

export const metadataFacts = factGroup(
  {
    /** By name, as rules read them: a date as the whole minutes since. */
    metadata: z._default(z.record(z.string(), value), {}),
    'metadata.mistyped': z._default(z.array(z.string()), []),
  },
  ({ event, policy, now }) => metadataUnder(event, policy, now),
)
