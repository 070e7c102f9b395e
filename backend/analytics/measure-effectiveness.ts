import { confirmedAfterDays, type EffectivenessBy, type EffectivenessReport } from '#contract/effectiveness'
import { beginCounting, countSession, countsOf, rowsOf } from './effectiveness.ts'
import { type EvidenceCursor, type EvidenceRange, evidencePageSize, readEvidence } from './read-evidence.ts'
import type { AnalyticsDeps } from './run-backtests.ts'

export type EffectivenessQuestion = EvidenceRange & { by: EffectivenessBy }

/** The most that one report reads, because somebody waits for it. */
const sessionsMax = 200_000

/** Reads a range once and counts it. Throws when the store does not answer. */
export const measureEffectiveness = async (
  { sessions, clock }: Pick<AnalyticsDeps, 'sessions' | 'clock'>,
  question: EffectivenessQuestion,
): Promise<EffectivenessReport> => {
  const counting = beginCounting(question.by)
  const now = clock()
  let after: EvidenceCursor | null = null
  let read = 0
  let unreadable = 0
  let isAtEnd = false
  while (!isAtEnd && read < sessionsMax) {
    const page = await readEvidence(sessions, question, after)
    for (const { evidence, created_at, _id } of page) {
      if (evidence === null) unreadable += 1
      else countSession(counting, evidence, created_at, now)
      after = { at: created_at, _id }
    }
    read += page.length
    isAtEnd = page.length < evidencePageSize
  }
  return {
    environment: question.environment,
    by: question.by,
    from: new Date(question.from).toISOString(),
    to: new Date(question.to).toISOString(),
    confirmed_after_days: confirmedAfterDays,
    rows: rowsOf(counting),
    total: countsOf(counting.total),
    holdout: { control: countsOf(counting.control), treated: countsOf(counting.treated) },
    unreadable,
    truncated: !isAtEnd,
    read_to: isAtEnd || after === null ? null : new Date(after.at).toISOString(),
  }
}
