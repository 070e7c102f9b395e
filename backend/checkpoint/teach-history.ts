import type { HistoryAnswer, HistoryLine, RejectedLine } from '#contract/history'
import type { NormalisedEvent } from '#contract/normalised-event'
import type { Deps } from '../deps.ts'
import { busy } from '../errors.ts'
import { normaliseEvent } from '../intake/generic.ts'
import { emptyProfile, learn, type Profile } from '../risk/profile.ts'
import { digestUnder } from '../secrets.ts'
import { changeDocument } from '../store/change.ts'
import type { Caller } from './caller.ts'
import { digestKeyOf, subjectDigest } from './identity.ts'
import { notePaidBefore } from './payees.ts'

/** A line of a site's history that fits the contract, and where it stood. */
export type NumberedLine = { line: number; said: HistoryLine }

type Past = { id: string; event: NormalisedEvent }

/**
 * Teaches what a site's customers did before it began to ask. Nothing is judged, and nothing comes of it but memory: the
 * person's profile, and when a payee was first paid by anybody. Every change is the same when it is made again, so a call
 * that was cut off is simply repeated.
 */
export const teachHistory = async (
  deps: Deps,
  caller: Caller,
  lines: readonly NumberedLine[],
): Promise<HistoryAnswer> => {
  const taken = lines.map((one) => take(deps, caller, one))
  const rejected = taken.flatMap((one) => (one.ok ? [] : [one.rejected]))
  const past = taken.flatMap((one) => (one.ok ? [one.past] : []))
  let learned = 0
  for (const [user, events] of Map.groupBy(past, ({ event }) => event.keys.user))
    learned += await teachProfile(deps, { org_id: caller.org._id, _id: `usr_${user}` }, events)
  for (const [payee, at] of firstPayments(past))
    await notePaidBefore(deps, { org_id: caller.org._id, payee_key: payee }, at)
  return { learned, duplicates: past.length - learned, rejected }
}

const take = (
  deps: Deps,
  { org, environment }: Caller,
  { line, said }: NumberedLine,
): { ok: true; past: Past } | { ok: false; rejected: RejectedLine } => {
  const key = digestKeyOf(deps, org)
  const digest = subjectDigest(key, environment)
  const normalised = normaliseEvent(said.event, { now: deps.clock(), digest })
  if (normalised.ok)
    return {
      ok: true,
      past: { id: `evt_${digestUnder(key, environment, 'history', said.key)}`, event: normalised.event },
    }
  const { reason, path, message } = normalised
  return {
    ok: false,
    rejected: { line, key: said.key, code: reason, path: `event.${path}`, detail: `${path} ${message}` },
  }
}

/** Learns a person's past in one write; answers how many of the events said something that was not known. */
const teachProfile = async (
  deps: Deps,
  place: { org_id: string; _id: string },
  events: readonly Past[],
): Promise<number> => {
  let learned = 0
  const changed = await changeDocument(
    deps.collections.profiles,
    place,
    () => emptyProfile(place._id, place.org_id),
    (before) => {
      learned = 0
      let profile = before
      for (const { id, event } of events) {
        const after = learn(profile, event, { id, source: 'history', arrived_at: deps.clock() })
        if (isSame(profile, after)) continue
        profile = after
        learned += 1
      }
      return profile
    },
  )
  if (!changed.ok) throw busy('This history meets too many events at once. Send the same lines again.')
  return learned
}

/** Whether nothing was learned. That somebody was spoken of is no news. */
const isSame = (before: Profile, after: Profile): boolean =>
  JSON.stringify({ ...before, seen_at: 0 }) === JSON.stringify({ ...after, seen_at: 0 })

/** When each payee was first paid, by what is told here. */
const firstPayments = (past: readonly Past[]): Map<string, number> => {
  const first = new Map<string, number>()
  for (const { event } of past) {
    const { payee } = event.keys
    if (payee === null || event.amount === null || event.amount.value === 0) continue
    first.set(payee, Math.min(event.occurred_at, first.get(payee) ?? event.occurred_at))
  }
  return first
}
