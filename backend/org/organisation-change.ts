import type { AuditMeta } from '#contract/trail'
import { byOperator } from '../audit/actors.ts'
import { withTrail } from '../audit/organisation-trail.ts'
import type { Organisation } from './organisation.ts'

/** What a change of an organisation's facts is, and what its trail says of it. */

/**
 * Facts that anybody may read who meets the checkpoint, with what they are now. The rest is named without its value: the
 * security contact is somebody's address.
 */
const told = [
  'name',
  'support_phone',
  'support_url',
  'origins',
  'return_urls',
  'hold_hours',
  'language',
] as const

const valuesOf = (organisation: Organisation, changed: readonly string[]): AuditMeta =>
  Object.fromEntries(told.filter((name) => changed.includes(name)).map((name) => [name, organisation[name]]))

/**
 * The organisation brought up to `facts`, with the record of it riding along; the very same document when it has them all.
 * A version of 0 is one that is being made.
 */
export const withFacts = (before: Organisation, facts: Partial<Organisation>, at: number): Organisation => {
  const after = { ...before, ...facts }
  if (before.version === 0)
    return withTrail(after, byOperator('organisation.created', valuesOf(after, told)), at)
  const was: Record<string, unknown> = before
  const changed = Object.entries(facts)
    .filter(([name, value]) => JSON.stringify(was[name]) !== JSON.stringify(value))
    .map(([name]) => name)
    .toSorted()
  if (changed.length === 0) return before
  return withTrail(after, byOperator('organisation.changed', { changed, ...valuesOf(after, changed) }), at)
}
