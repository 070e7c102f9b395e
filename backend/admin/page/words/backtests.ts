import type { Aftermath, BacktestAgainst, BacktestState } from '#contract/backtest'

/** Backtests: how far they are, what they compare, what is known of events by now. */

export const backtestStateWords: Record<BacktestState, string> = {
  queued: 'waiting',
  running: 'running',
  done: 'done',
  failed: 'failed',
  cancelled: 'called off',
}

/** What a draft is compared with. */
export const againstWords: Record<BacktestAgainst, string> = {
  stored: 'what was decided',
  live: 'the live policy',
}

export const aftermathWords: Record<Aftermath, string> = {
  reported: 'Reported as a scam',
  genuine: 'Completed, never reported',
  labelled_risky: 'Labelled risky',
  labelled_legit: 'Labelled legitimate',
  incident: 'An incident',
  contact_broken: 'Contact broken',
  held: 'Held',
}
