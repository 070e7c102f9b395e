import type { HistoryLine } from '#contract/history'
import type { Population } from '../population/population.ts'

/** What the customers of a population did, as their bank would write it down: the lines of `POST /history`. */
export const labelledLinesOf = ({ past, live, hearings }: Population): HistoryLine[] => {
  const heardAt = new Map(hearings.map((hearing) => [hearing.case, hearing.at]))
  return [...past, ...live].map(({ at, event, truth }, nth) => {
    const { test: _, return_url: __, ...facts } = event
    const occurred_at = new Date(at).toISOString()
    const key = `line-${nth}`
    if (truth.kind === 'honest') return { key, event: { ...facts, occurred_at }, result: 'completed' }
    const heard = heardAt.get(truth.case)
    return {
      key,
      event: { ...facts, occurred_at, metadata: { kind: truth.kind } },
      result: 'reported_scam',
      ...(heard === undefined ? {} : { at: new Date(heard).toISOString() }),
    }
  })
}
