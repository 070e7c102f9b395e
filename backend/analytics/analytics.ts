import type { EffectivenessReport } from '#contract/effectiveness'
import { type EffectivenessQuestion, measureEffectiveness } from './measure-effectiveness.ts'
import { type AnalyticsDeps, runDueBacktests } from './run-backtests.ts'

/** `stopping`: this instance is about to stop. `others_first`: the organisation has as many reports under way as it may. */
export type ReportRefusal = 'stopping' | 'others_first'
export type ReportAnswer = { ok: true; report: EffectivenessReport } | { ok: false; reason: ReportRefusal }

/** Work that reads very many stored sessions, and must not hold up who waits for a decision. */
export type Analytics = {
  /** Runs the backtests that are due; answers how many came to an end. */
  runBacktests: () => Promise<number>
  /** Throws what kept the store from being read. */
  measureEffectiveness: (question: EffectivenessQuestion) => Promise<ReportAnswer>
  /** Ends at once what is under way. A backtest goes on where it was written last, here or elsewhere. */
  stop: () => Promise<void>
}

/** In this thread: for stores that no other thread can open, such as one in memory. */
export const analyticsHere = (deps: AnalyticsDeps): Analytics => ({
  runBacktests: () => runDueBacktests(deps),
  measureEffectiveness: async (question) => ({
    ok: true,
    report: await measureEffectiveness(deps, question),
  }),
  stop: async () => undefined,
})
