import type { NormalisedEvent } from '#contract/normalised-event'
import type { Deps } from '../deps.ts'
import { canonicaliseIp } from '../intake/canonical.ts'
import type { SubjectDigest } from '../intake/normalise-event.ts'
import type { Caller } from '../org/caller.ts'
import { countPayment, emptyActivity } from '../risk/activity.ts'
import type { ActivityRead, CountedSubject } from '../risk/facts/totals.ts'
import type { Policy } from '../risk/policy.ts'
import { readsOf } from '../risk/rules/reads.ts'
import type { Session } from '../session/document.ts'
import { changeDocument } from '../store/change.ts'
import { digestKeyOf, subjectDigest } from './identity.ts'
import { LostRace } from './lost-race.ts'
import { evaluatingPolicies } from './policies.ts'

/**
 * What payees, devices and networks are used for, whoever uses them: one small document each, read and written only while a
 * rule of the live version, or of the one in preview, asks for it. Counting begins then.
 */

const idOf = (subject: CountedSubject, key: string): string => `act_${subject}_${key}`

/** The subjects that rules ask about and the event names. A device counts if the site named it: a browser may say anything. */
const asked = (
  event: NormalisedEvent,
  policies: readonly Policy[],
  digest: SubjectDigest,
): { subject: CountedSubject; key: string }[] => {
  const keyOf: Record<CountedSubject, () => string | null> = {
    payee: () => event.keys.payee,
    device: () => (event.device.id === null ? null : event.keys.device),
    network: () => (event.network.ip === null ? null : digest('ip', canonicaliseIp(event.network.ip))),
  }
  const subjects = new Set(policies.flatMap((policy) => [...readsOf(policy).subjects]))
  return [...subjects].flatMap((subject) => {
    const key = keyOf[subject]()
    return key === null ? [] : [{ subject, key }]
  })
}

/** One read for each subject that rules ask about, and none if they ask about none. */
export const readActivity = async (
  deps: Deps,
  caller: Caller,
  event: NormalisedEvent,
  policies: readonly Policy[],
): Promise<ActivityRead> => {
  const digest = subjectDigest(digestKeyOf(deps, caller.org), caller.environment)
  const read = asked(event, policies, digest).map(
    async ({ subject, key }) =>
      [subject, await deps.collections.activity.get(caller.org._id, idOf(subject, key))] as const,
  )
  return Object.fromEntries(await Promise.all(read))
}

/** Counts the payment of a session that went out. Idempotent while the event is among the last counted. */
export const countActivity = async (
  deps: Deps,
  tenant: Pick<Caller, 'org' | 'environment'>,
  session: Session,
): Promise<void> => {
  const { amount, keys } = session.event
  if (amount === null || amount.value === 0 || keys.payee === null) return
  const policies = await evaluatingPolicies(deps, tenant)
  const [{ limits }] = policies
  const digest = subjectDigest(digestKeyOf(deps, tenant.org), tenant.environment)
  const payment = { id: session.request.event_id, at: deps.clock(), amount }
  for (const { subject, key } of asked(session.event, policies, digest)) {
    const ref = { org_id: tenant.org._id, _id: idOf(subject, key) }
    const changed = await changeDocument(
      deps.collections.activity,
      ref,
      () => emptyActivity(ref._id, ref.org_id),
      (activity) => countPayment(activity, payment, limits),
    )
    if (!changed.ok) throw new LostRace('payment')
  }
}
