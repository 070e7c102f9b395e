import { dayMs } from '#contract/durations'
import type { FittedWeights } from '#contract/policy-fit'
import { readPolicy } from '../policy/load.ts'
import { factsUnder } from '../risk/facts/all-facts.ts'
import { findingsOf } from '../risk/findings.ts'
import { type FitRow, fitWeights } from '../risk/fit/fit-weights.ts'
import type { Policy } from '../risk/policy.ts'
import { verifiedOf } from '../risk/score.ts'
import { type Evidence, truthOf } from '../session/evidence.ts'
import { type EvidenceCursor, type EvidenceRange, evidencePageSize, readEvidence } from './read-evidence.ts'
import type { AnalyticsDeps } from './run-backtests.ts'

export type FitQuestion = Pick<EvidenceRange, 'org_id' | 'environment'> & {
  /** The version that is live. */
  policy: string
}

const fitDays = 366
/** The most that one fit reads, the newest first, because somebody waits for it. */
const sessionsMax = 200_000

/**
 * Fits the weights of the live policy to what became of stored events. Sessions alone: history that was brought teaches profiles and
 * leaves no facts that a signal could be asked about; a replay of its file does. Throws when the store does not answer.
 */
export const fitToOutcomes = async (
  deps: AnalyticsDeps,
  { policy: version, ...tenant }: FitQuestion,
): Promise<FittedWeights> => {
  const policy = await readPolicy(deps, tenant.org_id, version)
  const to = deps.clock()
  const range = { ...tenant, from: to - fitDays * dayMs, to: to + 1 }
  const rows: FitRow[] = []
  let after: EvidenceCursor | null = null
  let read = 0
  let isAtEnd = false
  while (!isAtEnd && read < sessionsMax) {
    const page = await readEvidence(deps.sessions, range, after, 'descending')
    for (const { evidence, created_at, _id } of page) {
      const truth = evidence === null ? null : truthOf(evidence, to)
      const row = evidence === null || truth === null ? null : fitRowOf(evidence, policy, truth === 'fraud')
      if (row !== null) rows.push(row)
      after = { at: created_at, _id }
    }
    read += page.length
    isAtEnd = page.length < evidencePageSize
  }
  return {
    base: version,
    ...fitWeights(rows, policy),
    from: new Date(isAtEnd || after === null ? range.from : after.at).toISOString(),
    to: new Date(to).toISOString(),
    truncated: !isAtEnd,
  }
}

type Evaluated = Pick<Evidence, 'event'> & { evaluation: Pick<Evidence['evaluation'], 'input'> }

/** What a fit reads of an event of which the truth is known; null where its facts were not kept, or where a test decided. */
export const fitRowOf = (
  { event, evaluation: { input } }: Evaluated,
  policy: Policy,
  isFraud: boolean,
): FitRow | null => {
  if (input === null || input.override === 'test') return null
  const { raised } = findingsOf(factsUnder(input.facts, event, policy), policy)
  return {
    person: event.keys.user,
    payee: event.keys.payee,
    // What rests on unverified words counts for little at any weight, so no weight is fitted to it.
    severities: Object.fromEntries(verifiedOf(raised).map(({ code, severity }) => [code, severity])),
    isFraud,
  }
}
