import type { EffectivenessReport } from '#contract/effectiveness'
import type { FittedWeights } from '#contract/policy-fit'
import type { EvidenceReader } from '../session/collections.ts'
import { type FitQuestion, fitToOutcomes } from './fit-to-outcomes.ts'
import { type EffectivenessQuestion, measureEffectiveness } from './measure-effectiveness.ts'
import { type AnalyticsDeps, runDueBacktests } from './run-backtests.ts'

/** `stopping`: this instance is about to stop. `others_first`: the organisation has as many reports under way as it may. */
export type ReportRefusal = 'stopping' | 'others_first'
export type ReportAnswer<Report> = { ok: true; report: Report } | { ok: false; reason: ReportRefusal }

/** Work that reads very many stored sessions and must not delay decisions. */
export type Analytics = {
  /** Runs the backtests that are due; answers how many came to an end. */
  runBacktests: () => Promise<number>
  /** Throws if the store could not be read. */
  measureEffectiveness: (question: EffectivenessQuestion) => Promise<ReportAnswer<EffectivenessReport>>
  /** Throws if the store could not be read. */
  fitWeights: (question: FitQuestion) => Promise<ReportAnswer<FittedWeights>>
  /** Ends running work at once. A backtest goes on from its last write, here or elsewhere. */
  stop: () => Promise<void>
}

/** Runs in this thread: for stores that no other thread can open, such as one in memory. */
export const analyticsHere = (deps: AnalyticsDeps & { unopened: EvidenceReader }): Analytics => ({
  runBacktests: () => runDueBacktests(deps),
  measureEffectiveness: async (question) => ({
    ok: true,
    report: await measureEffectiveness({ ...deps, sessions: deps.unopened }, question),
  }),
  fitWeights: async (question) => ({ ok: true, report: await fitToOutcomes(deps, question) }),
  stop: async () => undefined,
})
