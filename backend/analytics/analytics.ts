import type { EffectivenessReport } from '#contract/effectiveness'
import { type EffectivenessQuestion, measureEffectiveness } from './measure-effectiveness.ts'
import { type AnalyticsDeps, runDueBacktests } from './run-backtests.ts'

/** Work that reads very many stored sessions, and must not hold up who waits for a decision. */
export type Analytics = {
  /** Runs the backtests that are due; answers how many came to an end. */
  runBacktests: () => Promise<number>
  /** Throws `busy` when too many are under way, and whatever kept the store from being read. */
  measureEffectiveness: (question: EffectivenessQuestion) => Promise<EffectivenessReport>
  /** Ends at once what is under way. A backtest goes on where it was written last, here or elsewhere. */
  stop: () => Promise<void>
}

/** In this thread: for stores that no other thread can open, such as one in memory. */
export const analyticsHere = (deps: AnalyticsDeps): Analytics => ({
  runBacktests: () => runDueBacktests(deps),
  measureEffectiveness: (question) => measureEffectiveness(deps, question),
  stop: async () => undefined,
})
