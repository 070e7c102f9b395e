import { dayMs } from '#contract/durations'
import type { HistoryAnswer, HistoryLine, RejectedLine } from '#contract/history'
import type { NormalisedEvent } from '#contract/normalised-event'
import type { Deps } from '../deps.ts'
import { namesNothing, whatIsKnown } from '../evaluation/unknown-action.ts'
import { normaliseEvent } from '../intake/normalise-event.ts'
import type { Caller } from '../org/caller.ts'
import { digestKeyOf, subjectDigest } from '../repositories/identity.ts'
import { type Busy, LostRace, refusingLostRaces } from '../repositories/lost-race.ts'
import { type Paid, teachPayee } from '../repositories/payees.ts'
import { livePolicy } from '../repositories/policies.ts'
import { changeProfile, type ProfiledPerson } from '../repositories/profiles.ts'
import type { Policy } from '../risk/policy.ts'
import { learn } from '../risk/profile.ts'
import { digestUnder } from '../secrets.ts'

/** A line of a site's history that fits the contract, and where it stood. */
export type NumberedLine = { line: number; said: HistoryLine }

type Past = { id: string; event: NormalisedEvent }

/** As long as a line is recognised: after that nobody brings it again. */
const recognisedMs = 365 * dayMs

/**
 * Teaches what a site's customers did before it began to ask. Nothing is judged, and nothing comes of it but memory: the
 * person's profile, and who paid a payee, and when. A line is marked after it was learned: a call that was cut
 * off is repeated, and what was learned before the cut is the same when it is learned again.
 */
export const teachHistory = (
  deps: Deps,
  caller: Caller,
  lines: readonly NumberedLine[],
): Promise<{ ok: true; taught: HistoryAnswer } | Busy> =>
  refusingLostRaces(async () => {
    const org_id = caller.org._id
    const policy = await livePolicy(deps, caller)
    const taken = lines.map((one) => take(deps, caller, policy, one))
    const rejected = taken.flatMap((one) => (one.ok ? [] : [one.rejected]))
    const past = taken.flatMap((one) => (one.ok ? [one.past] : []))
    const fresh = await notYetTaught(deps, org_id, past)
    for (const [user, events] of Map.groupBy(fresh, ({ event }) => event.keys.user))
      await teachProfile(deps, { org_id, user_key: user }, events)
    await Promise.all(
      [...paymentsByPayee(fresh)].map(([payee_key, paid]) => teachPayee(deps, { org_id, payee_key }, paid)),
    )
    const mark = { org_id, version: 1, purge_at: deps.clock() + recognisedMs }
    await Promise.all(fresh.map(({ id }) => deps.collections.taught.insert({ ...mark, _id: id })))
    const taught = { learned: fresh.length, duplicates: past.length - fresh.length, rejected }
    return { ok: true, taught }
  })

/** The lines whose keys were not brought before, each key once. */
const notYetTaught = async (deps: Deps, orgId: string, past: readonly Past[]): Promise<Past[]> => {
  const byId = new Map(past.toReversed().map((one) => [one.id, one]))
  const marks = await Promise.all([...byId.keys()].map((id) => deps.collections.taught.get(orgId, id)))
  for (const mark of marks) if (mark !== null) byId.delete(mark._id)
  return past.filter((one) => byId.get(one.id) === one)
}

const take = (
  deps: Deps,
  { org, environment }: Caller,
  policy: Policy,
  { line, said }: NumberedLine,
): { ok: true; past: Past } | { ok: false; rejected: RejectedLine } => {
  const key = digestKeyOf(deps, org)
  const digest = subjectDigest(key, environment)
  const normalised = normaliseEvent(said.event, { now: deps.clock(), digest })
  const refused = (rejected: Pick<RejectedLine, 'code' | 'path' | 'detail'>) =>
    ({ ok: false, rejected: { line, key: said.key, ...rejected } }) as const
  if (!normalised.ok) {
    const { reason, path, message } = normalised
    return refused({ code: reason, path: `event.${path}`, detail: `${path} ${message}` })
  }
  const { event } = normalised
  // A slip in a name would be learned as something else, and nobody would ever notice.
  if (namesNothing(policy, event)) {
    const detail = `is no action of the policy. ${whatIsKnown(policy, event.action)}`
    return refused({ code: 'action_unknown', path: 'event.action', detail })
  }
  return { ok: true, past: { id: `evt_${digestUnder(key, environment, 'history', said.key)}`, event } }
}

/** Learns a person's past in one write. */
const teachProfile = async (deps: Deps, person: ProfiledPerson, events: readonly Past[]): Promise<void> => {
  const lesson = { source: 'history', arrived_at: deps.clock() } as const
  const changed = await changeProfile(deps, person, (before) =>
    events.reduce((profile, { id, event }) => learn(profile, event, { id, ...lesson }), before),
  )
  if (!changed.ok) throw new LostRace('history')
}

/** Who paid each payee, and when, by what is told here. */
const paymentsByPayee = (past: readonly Past[]): Map<string, Paid[]> => {
  const paid = past.flatMap(({ event: { keys, amount, occurred_at: at } }) =>
    keys.payee === null || amount === null || amount.value === 0
      ? []
      : [{ payee: keys.payee, user_key: keys.user, at }],
  )
  return Map.groupBy(paid, ({ payee }) => payee)
}
