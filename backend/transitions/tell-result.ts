import type { RejectedLine } from '#contract/history'
import type { Deps } from '../deps.ts'
import { type PastLine, rejectedAs } from '../intake/history-line.ts'
import type { Caller } from '../org/caller.ts'
import { LostRace } from '../repositories/lost-race.ts'
import type { Session } from '../session/document.ts'
import { standing } from '../session/results.ts'
import { type ResultRefusal, reportResult } from './report-result.ts'

/** Whose history it is, and whether a scam that is told of, or taken back, weighs in full. */
export type Teller = { caller: Caller; mayLabel: boolean; dry_run: boolean }

/** The line of an event that was ingested says what became of it: for the first time, again, or refused. */
export const tellResult = async (
  deps: Deps,
  { caller, mayLabel, dry_run }: Teller,
  session: Session,
  past: PastLine,
): Promise<'new' | 'same' | RejectedLine> => {
  if (!isOf(session, past)) return keyReused(past)
  const met = standing(session, past.result) === null ? 'new' : 'same'
  if (dry_run) {
    const isNone = past.result === 'retracted' && met === 'new' && standing(session, 'reported_scam') === null
    return isNone ? nothingReported(past) : met
  }
  const reporter = { caller, mayLabel, retracts: 'anybodys' } as const
  const told = await reportResult(deps, reporter, session.request.event_id, past.result)
  if (told.ok) return met
  if (told.reason === 'busy') throw new LostRace(told.contended)
  return resultRefused(past, told.reason)
}

const resultRefused = (past: PastLine, reason: ResultRefusal): RejectedLine => {
  if (reason === 'not_reported_as_scam') return nothingReported(past)
  if (reason === 'reported_by_another') return saidInFullBefore(past)
  return rejectedAs(past, 'result_refused', 'result', 'was changed too often for this event').rejected
}

export const nothingReported = (past: PastLine): RejectedLine =>
  rejectedAs(
    past,
    'result_refused',
    'result',
    'takes nothing back: no line under this key reported a scam; if one comes later, bring this one again',
  ).rejected

export const saidInFullBefore = (past: PastLine): RejectedLine =>
  rejectedAs(
    past,
    'forbidden_scope',
    'result',
    'takes back what was said in full: use a key that has labels:write',
  ).rejected

export const keyReused = (past: PastLine): RejectedLine =>
  rejectedAs(
    past,
    'idempotency_key_reused',
    'key',
    past.result === 'retracted'
      ? 'came with another line before; send the line that reported, with nothing but its result changed'
      : 'came with another line before; give a new event a new key',
  ).rejected

/** Whether a line tells of the very action that was ingested. */
const isOf = ({ event }: Session, { event: past }: PastLine): boolean =>
  event.action === past.action &&
  event.keys.user === past.keys.user &&
  event.keys.payee === past.keys.payee &&
  event.amount?.value === past.amount?.value &&
  event.amount?.currency === past.amount?.currency
