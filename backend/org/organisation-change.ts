import type { AuditMeta } from '#contract/trail'
import { byOperator } from '../audit/actors.ts'
import { withTrail } from '../audit/organisation-trail.ts'
import type { Organisation } from './organisation.ts'

/** What a change of an organisation's facts is, and what its trail says of it. */

/**
 * The trail names these facts with their new value: everybody who meets the checkpoint may read them. It names the other
 * facts without a value: the security contact is somebody's address.
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
 * The organisation with these `facts` and the due entry of the change; the same document if it has all of them already.
 * Version 0: the organisation is being created.
 */
export const withFacts = (before: Organisation, facts: Partial<Organisation>, at: number): Organisation => {
  const after = { ...before, ...facts }
  if (before.version === 0)
    return withTrail(
      after,
      byOperator('organisation.created', {
        ...valuesOf(after, told),
        live_enforcement: after.enforcement.live.mode,
      }),
      at,
    )
  const was: Record<string, unknown> = before
  const changed = Object.entries(facts)
    .filter(([name, value]) => JSON.stringify(was[name]) !== JSON.stringify(value))
    .map(([name]) => name)
    .toSorted()
  if (changed.length === 0) return before
  return withTrail(after, byOperator('organisation.changed', { changed, ...valuesOf(after, changed) }), at)
}
