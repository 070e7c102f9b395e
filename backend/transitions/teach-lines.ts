import { dayMs } from '#contract/durations'
import type { Deps } from '../deps.ts'
import type { PastLine } from '../intake/history-line.ts'
import { LostRace } from '../repositories/lost-race.ts'
import { changePayee, type Paid, readPayee, teachPayee } from '../repositories/payees.ts'
import { changeProfile } from '../repositories/profiles.ts'
import { addReport, confirmByResult, takeBackResult } from '../risk/payee-reports.ts'
import { learn } from '../risk/profile.ts'
import { sideBySide, type Turn } from './turns.ts'

/**
 * What lines of a history teach. All of it is a minimum, a maximum or the first few of an ordered set, so the same lines
 * again, or others in between, come to the same memory.
 *
 * - `completed`: the person's device, place, hour, payee and amount, and that the payee was paid.
 * - `failed`: nothing. No money went out; and a sign-in that failed may be somebody else's, whose device must not become
 *   usual.
 * - `reported_scam`: that the payee is a scam's, or one person's report of it; nothing that is usual for the person, whose
 *   account it may have been taken over from. `retracted` takes that back (`takeBackScam`).
 */

/** A line on its way into memory. */
export type TakenLine = {
  past: PastLine
  /** The event's id, which an ingest under the same key has too. */
  id: string
  session_id: string
  /** Keyed digest of the line. */
  digest: string
}

/** `by`: who says so in full, `key:…` or `operator`; null for a word that counts as a person's report. */
export type Telling = { org_id: string; confirmed_by: string | null; turn: Turn }

export const teachLines = async (
  deps: Deps,
  telling: Telling,
  lines: readonly TakenLine[],
): Promise<void> => {
  const { org_id, turn } = telling
  const went = lines.filter(({ past }) => past.result === 'completed')
  const scams = lines.filter(({ past }) => past.result === 'reported_scam')
  await sideBySide(byPerson(went), turn, (events) => teachPerson(deps, org_id, events))
  await sideBySide(paymentsByPayee(went), turn, ([payee_key, paid]) =>
    teachPayee(deps, { org_id, payee_key }, paid),
  )
  await sideBySide(scams, turn, (line) => tellOfScam(deps, telling, line))
}

/** So many events of one person are learned in one write: about a slice. */
const eventsAWrite = 64

const byPerson = (lines: readonly TakenLine[]): TakenLine[][] =>
  [...Map.groupBy(lines, ({ past }) => past.event.keys.user).values()].flatMap((events) =>
    Array.from({ length: Math.ceil(events.length / eventsAWrite) }, (_, at) =>
      events.slice(at * eventsAWrite, (at + 1) * eventsAWrite),
    ),
  )

const teachPerson = async (deps: Deps, org_id: string, lines: readonly TakenLine[]): Promise<void> => {
  const user_key = lines[0]?.past.event.keys.user ?? ''
  const lesson = { source: 'history', arrived_at: deps.clock() } as const
  const changed = await changeProfile(deps, { org_id, user_key }, (before) =>
    lines.reduce((profile, { id, past }) => learn(profile, past.event, { id, ...lesson }), before),
  )
  if (!changed.ok) throw new LostRace('history')
}

const paymentsByPayee = (lines: readonly TakenLine[]): Map<string, Paid[]> => {
  const paid = lines.flatMap(
    ({
      past: {
        event: { keys, amount, occurred_at: at },
      },
    }) =>
      keys.payee === null || amount === null || amount.value === 0
        ? []
        : [{ payee: keys.payee, user_key: keys.user, at }],
  )
  return Map.groupBy(paid, ({ payee }) => payee)
}

/** Dated by when it became known. */
const tellOfScam = async (
  deps: Deps,
  { org_id, confirmed_by }: Telling,
  { past: { event, at }, id, session_id }: TakenLine,
): Promise<void> => {
  const { payee: payee_key, user: reporter } = event.keys
  if (payee_key === null) return
  const { created_at: createdAt } = event.user
  const now = deps.clock()
  const account_days = createdAt === null ? null : Math.floor((at - createdAt) / dayMs)
  await changePayee(deps, { org_id, payee_key }, (memory) =>
    confirmed_by === null
      ? addReport(memory, { session_id, reporter, account_days, at }, now)
      : confirmByResult(memory, { incident_id: id, by: confirmed_by, at }, now),
  )
}

/** Whether a line confirmed its payee as a scam's, and was not only a report. */
export const saidInFull = async (deps: Deps, org_id: string, { past, id }: TakenLine): Promise<boolean> => {
  const { payee: payee_key } = past.event.keys
  const memory = payee_key === null ? null : await readPayee(deps, { org_id, payee_key })
  return (memory?.dispositions ?? []).some(({ incident_id, how }) => incident_id === id && how === 'result')
}

/** Takes back what a line said of its payee, whichever key brought it. Once or more is the same. */
export const takeBackScam = async (
  deps: Deps,
  org_id: string,
  { past, id: incident_id, session_id }: TakenLine,
): Promise<void> => {
  const { payee: payee_key } = past.event.keys
  if (payee_key === null) return
  const said = { incident_id, by: null, session_id, at: deps.clock() }
  await changePayee(deps, { org_id, payee_key }, (memory) => takeBackResult(memory, said))
}
