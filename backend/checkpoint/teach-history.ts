import { createHash } from 'node:crypto'
import type { RejectedLine } from '#contract/history'
import { byOperator, bySite } from '../audit/actors.ts'
import type { Deps } from '../deps.ts'
import { namesNothing, whatIsKnown } from '../evaluation/unknown-action.ts'
import { readHistoryLine, rejectedAs } from '../intake/history-line.ts'
import type { RawLine } from '../intake/lines.ts'
import type { NormaliseOptions, SubjectDigest } from '../intake/normalise-event.ts'
import type { Caller } from '../org/caller.ts'
import { recordOnTrail } from '../org/record-on-trail.ts'
import { digestKeyOf, sessionIdOf, sessionSuffix, subjectDigest } from '../repositories/identity.ts'
import { type Busy, LostRace, refusingLostRaces } from '../repositories/lost-race.ts'
import { livePolicy } from '../repositories/policies.ts'
import { sessionOfCaller } from '../repositories/sessions.ts'
import { markTaught, type Standing, standingBeside, standingOf } from '../repositories/taught.ts'
import type { Policy } from '../risk/policy.ts'
import { digestUnder } from '../secrets.ts'
import { inTurn } from '../store/change.ts'
import { isTakenBack, takeBackLine } from '../transitions/take-back-line.ts'
import { type TakenLine, takeBackScam, teachLines } from '../transitions/teach-lines.ts'
import { keyReused, tellResult } from '../transitions/tell-result.ts'
import { openTurns, sideBySide } from '../transitions/turns.ts'

/** Who brings a history, and how. */
export type Teacher = {
  caller: Caller
  by: 'key' | 'operator'
  /** Whether a scam that is told of weighs in full, and not as one person's report. */
  mayLabel: boolean
  /** The import that the lines belong to, as the trail names it. */
  import_id: string
  /** Says what would be learned, and learns nothing. */
  dry_run: boolean
}

/**
 * What came of a batch of lines; each line is learned, a duplicate or rejected. `retracted`: how many of the learned ones
 * took a report back.
 */
export type TaughtBatch = {
  learned: number
  retracted: number
  duplicates: number
  rejected: RejectedLine[]
}

/**
 * Teaches what a site's customers did before it began to ask, batch by batch as the lines arrive. Nothing is judged, and
 * nothing comes of it but memory: the persons' profiles and the payees'. A line is marked after it was learned: a call that
 * was cut off is repeated, and what was learned before the cut is the same when it is learned again.
 *
 * However many bring a history at once, one batch is worked on at a time, in slices between which everybody else has their
 * turn: a large import must not delay payments. `heard` is told what came of each batch; the next one is read after it.
 * Whatever ends the import, what was taken in until then is an entry of the organisation's trail.
 */
export const teachHistory = (
  deps: Deps,
  teacher: Teacher,
  batches: AsyncIterable<RawLine[]>,
  heard: (batch: TaughtBatch, lines: readonly RawLine[]) => void | Promise<void>,
): Promise<{ ok: true } | Busy> =>
  refusingLostRaces(async () => {
    const totals = { lines: 0, learned: 0, retracted: 0, duplicates: 0, rejected: 0, complete: false }
    const sha256 = createHash('sha256')
    try {
      for await (const lines of batches) {
        const batch = await inTurn(deps.collections.taught, 'history', () => teachBatch(deps, teacher, lines))
        for (const { bytes } of lines) sha256.update(bytes).update('\n')
        totals.lines += lines.length
        totals.learned += batch.learned
        totals.retracted += batch.retracted
        totals.duplicates += batch.duplicates
        totals.rejected += batch.rejected.length
        await heard(batch, lines)
      }
      totals.complete = true
    } finally {
      if (!teacher.dry_run) await record(deps, teacher, { ...totals, sha256: sha256.digest('hex') })
    }
    return { ok: true }
  })

const record = async (
  deps: Deps,
  { caller, by, import_id }: Teacher,
  totals: Record<string, number | boolean | string>,
): Promise<void> => {
  const meta = { import: import_id, environment: caller.environment, ...totals }
  const entry =
    by === 'key' ? bySite(caller.key_id, 'history.imported', meta) : byOperator('history.imported', meta)
  const recorded = await recordOnTrail(deps, caller.org._id, entry)
  if (!recorded.ok) throw new LostRace('history')
}

const teachBatch = async (deps: Deps, teacher: Teacher, raw: readonly RawLine[]): Promise<TaughtBatch> => {
  const { caller, dry_run } = teacher
  const org_id = caller.org._id
  const turn = openTurns()
  const batch: TaughtBatch = { learned: 0, retracted: 0, duplicates: 0, rejected: [] }
  const count = ({ past }: TakenLine, met: Standing | RejectedLine): boolean => {
    if (typeof met === 'object') batch.rejected.push(met)
    if (met === 'same') batch.duplicates += 1
    if (met === 'other') batch.rejected.push(keyReused(past))
    return met === 'new'
  }

  const take = await openTaking(deps, caller)
  const taken = new Map<string, TakenLine>()
  const retractions = new Map<string, TakenLine>()
  for (const one of raw) {
    const read = take(one)
    if (!read.ok) batch.rejected.push(read.rejected)
    else {
      const { line } = read
      const among = line.past.result === 'retracted' ? retractions : taken
      const before = among.get(line.id)
      if (before === undefined) among.set(line.id, line)
      else count(line, standingBeside({ line_digest: before.digest }, line.digest))
    }
    await turn()
  }

  const fresh: TakenLine[] = []
  for (const line of taken.values()) {
    if (count(line, await standingOf(deps, org_id, line))) {
      const session = await sessionOfCaller(deps, caller, line.session_id)()
      if (session === null) fresh.push(line)
      else if (await isTakenBack(deps, org_id, line)) batch.duplicates += 1
      else if (count(line, await tellResult(deps, teacher, session, line.past))) batch.learned += 1
    }
    await turn()
  }

  if (!dry_run) {
    const confirmed_by = !teacher.mayLabel ? null : teacher.by === 'key' ? `key:${caller.key_id}` : 'operator'
    await teachLines(deps, { org_id, confirmed_by, turn }, fresh)
  }
  await sideBySide(fresh, turn, async (line) => {
    const met = dry_run ? 'new' : await markTaught(deps, org_id, line, teacher.import_id)
    if (count(line, met)) batch.learned += 1
    if (!dry_run && (await isTakenBack(deps, org_id, line))) await takeBackScam(deps, org_id, line)
  })
  await sideBySide(retractions.values(), turn, async (line) => {
    const isAmongThem = taken.get(line.id)?.digest === line.digest
    if (!count(line, await takeBackLine(deps, teacher, line, isAmongThem))) return
    batch.learned += 1
    batch.retracted += 1
  })
  batch.rejected.sort((a, b) => a.line - b.line)
  return batch
}

/** Reads lines of the caller's, by the policy of now. */
const openTaking = async (deps: Deps, caller: Caller) => {
  const key = digestKeyOf(deps, caller.org)
  const policy = await livePolicy(deps, caller)
  const options: NormaliseOptions = {
    now: deps.clock(),
    digest: remembering(subjectDigest(key, caller.environment)),
  }
  return (raw: RawLine) => {
    const read = named(policy, readHistoryLine(raw, options))
    if (!read.ok) return read
    const { past } = read
    const id = `evt_${sessionSuffix(deps, key, caller.environment, past.key)}`
    const digest = digestUnder(key, caller.environment, 'history-line', past.canonical)
    return { ok: true, line: { past, id, session_id: sessionIdOf(id), digest } } as const
  }
}

/** The same few people, payees and devices come again and again. */
const remembering = (digest: SubjectDigest): SubjectDigest => {
  const known = new Map<string, string>()
  return (purpose, value) => {
    const name = `${purpose} ${value}`
    const found = known.get(name) ?? digest(purpose, value)
    known.set(name, found)
    return found
  }
}

type Read = ReturnType<typeof readHistoryLine>

/** A slip in a name would be learned as something else, and nobody would ever notice. */
const named = (policy: Policy, read: Read): Read => {
  if (!read.ok || !namesNothing(policy, read.past.event)) return read
  const detail = `is no action of the policy. ${whatIsKnown(policy, read.past.event.action)}`
  return rejectedAs(read.past, 'action_unknown', 'event.action', detail)
}
