import type { RejectedLine } from '#contract/history'
import type { Deps } from '../deps.ts'
import { sessionOfCaller } from '../repositories/sessions.ts'
import { markTaught, retractionOf, type Standing, standingOf } from '../repositories/taught.ts'
import { saidInFull, type TakenLine, takeBackScam } from './teach-lines.ts'
import { nothingReported, saidInFullBefore, type Teller, tellResult } from './tell-result.ts'

/**
 * Takes back the line that reported a scam, whichever key brought it; what was said in full needs the right to label. It is
 * for good: the line that reported teaches nothing when it is brought again. `isAmongThem`: whether that line came just before,
 * which a dry run has not marked.
 */
export const takeBackLine = async (
  deps: Deps,
  teacher: Teller & { import_id: string },
  line: TakenLine,
  isAmongThem: boolean,
): Promise<Standing | RejectedLine> => {
  const { caller, mayLabel, dry_run, import_id } = teacher
  const org_id = caller.org._id
  const mark = retractionOf(line)
  const before = await standingOf(deps, org_id, mark)
  if (dry_run && isAmongThem) return before
  const reported = await standingOf(deps, org_id, line)
  if (reported === 'other') return 'other'
  if (reported === 'new') {
    // What the site said of an ingested event since then is no business of a line that is repeated.
    if (before !== 'new') return before
    const session = await sessionOfCaller(deps, caller, line.session_id)()
    if (session === null) return nothingReported(line.past)
    const told = await tellResult(deps, teacher, session, line.past)
    if (!dry_run && typeof told === 'string') await markTaught(deps, org_id, mark, import_id)
    return told
  }
  if (!mayLabel && (await saidInFull(deps, org_id, line))) return saidInFullBefore(line.past)
  if (dry_run) return before
  // Marked first and done each time: whoever is teaching the report meanwhile finds the mark behind it, or is taken back here.
  const met = await markTaught(deps, org_id, mark, import_id)
  if (met !== 'other') await takeBackScam(deps, org_id, line)
  return met
}

/** Whether a line that reports a scam was taken back. */
export const isTakenBack = async (deps: Deps, orgId: string, line: TakenLine): Promise<boolean> =>
  line.past.result === 'reported_scam' && (await standingOf(deps, orgId, retractionOf(line))) !== 'new'
