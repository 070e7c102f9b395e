import { everyFamily, quiet, raised, type Signal, unknown } from './signal.ts'

type Observation = 'context.call_active' | 'context.remote_access' | 'context.screen_shared'

/**
 * An objective signal: what the site's app or the phone network observed while the person acted. It is a fact that an
 * answer can contradict.
 */
export const observed = (
  fact: Observation,
  { detail, ...signal }: Pick<Signal, 'code' | 'defaultWeight' | 'unknownMeans'> & { detail: string },
): Signal => ({
  ...signal,
  family: 'scam',
  source: 'site',
  reads: [fact],
  unit: 'yes or no, at most two minutes old',
  appliesTo: everyFamily,
  evaluate: (facts) => {
    if (facts[fact] === null) return unknown(fact)
    return facts[fact] ? raised(1, detail) : quiet
  },
})
