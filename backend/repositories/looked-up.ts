import { kindLookedUp } from '#contract/list'
import type { NormalisedEvent } from '#contract/normalised-event'
import type { ListableFact } from '#contract/rule-fact'
import type { Deps } from '../deps.ts'
import { canonicaliseIp, mailDomain } from '../intake/canonical.ts'
import type { SubjectDigest } from '../intake/normalise-event.ts'
import { bucketId, entryKey, isListed, prefixOf } from '../list/bucket.ts'
import { findList } from '../list/change-list.ts'
import type { Caller } from '../org/caller.ts'
import type { LookedUp } from '../risk/facts/listed.ts'
import type { Policy } from '../risk/policy.ts'
import { type ListLookup, readsOf } from '../risk/rules/reads.ts'
import { digestKeyOf, subjectDigest } from './identity.ts'

/** The digest that an entry of this subject has; null if the event has no such subject. */
const digestOf: Record<ListableFact, (event: NormalisedEvent, digest: SubjectDigest) => string | null> = {
  user: ({ keys }) => keys.user,
  payee: ({ keys }) => keys.payee,
  // A browser may name any device, so one that only the browser named is in no list.
  device: ({ keys, device }) => (device.id === null ? null : keys.device),
  network: ({ network: { ip } }, digest) => (ip === null ? null : digest('ip', canonicaliseIp(ip))),
  'user.email_domain': ({ user: { email } }, digest) =>
    email === null ? null : digest('email_domain', mailDomain(email)),
  'payee.country': ({ payee }, digest) => countryDigest(payee?.canonical.country ?? null, digest),
  'place.country': ({ location }, digest) => countryDigest(location.country, digest),
}

const countryDigest = (country: string | null, digest: SubjectDigest): string | null =>
  country === null ? null : digest('country', country)

/**
 * Looks the event up in the lists that rules name: a list and one small document of its entries each, read fresh, and nothing
 * if no rule names one. A list that there is none of, that has ended or is of another kind answers nothing: unknown.
 */
export const lookUp = async (
  deps: Deps,
  caller: Caller,
  event: NormalisedEvent,
  policies: readonly Policy[],
  now: number,
): Promise<LookedUp[]> => {
  const lookups = new Map(
    policies
      .flatMap((policy) => readsOf(policy).lookups)
      .map(({ fact, list }) => [`${list} ${fact}`, { fact, list }]),
  )
  if (lookups.size === 0) return []
  const digest = subjectDigest(digestKeyOf(deps, caller.org), caller.environment)
  return Promise.all(
    [...lookups.values()].map(async ({ fact, list }) => ({
      fact,
      list,
      is: await isIn(deps, caller, { fact, list }, digestOf[fact](event, digest), now),
    })),
  )
}

const isIn = async (
  deps: Deps,
  { org, environment }: Caller,
  { fact, list: name }: ListLookup,
  found: string | null,
  now: number,
): Promise<boolean | null> => {
  if (found === null) return null
  const list = await findList(deps, { org_id: org._id, environment, name })
  if (list === null || list.kind !== kindLookedUp[fact]) return null
  if (list.expires_at !== null && list.expires_at <= now) return null
  const key = entryKey(found)
  const bucket = await deps.collections.listBuckets.get(org._id, bucketId(list.uid, prefixOf(key)))
  return isListed(list, bucket, key, now)
}
