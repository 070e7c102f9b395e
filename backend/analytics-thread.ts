import { parentPort, workerData } from 'node:worker_threads'
import { analyticsJob } from './analytics/analytics-job.ts'
import { fitToOutcomes } from './analytics/fit-to-outcomes.ts'
import { measureEffectiveness } from './analytics/measure-effectiveness.ts'
import { type AnalyticsDeps, runDueBacktests } from './analytics/run-backtests.ts'
import { allDefinitions, openCollections, openEvidence, openWholeEvidence } from './collections.ts'
import { defaultPolicy } from './risk/default-policy.ts'
import { openSealer } from './sealing/sealer.ts'
import { loadRings } from './secret-rings.ts'
import { createSecrets } from './secrets.ts'
import { openStore } from './store/open-store.ts'

/**
 * A thread with a store of its own, for one piece of work: the embedded engine answers synchronously, and reading very
 * many sessions would keep the server's thread from everything else. What goes wrong ends the thread, and whoever
 * started it hears of it.
 */
const { store: settings, work } = analyticsJob.parse(workerData)

const done = (deps: AnalyticsDeps): Promise<unknown> => {
  switch (work.kind) {
    case 'backtests':
      return runDueBacktests(deps)
    case 'effectiveness':
      return measureEffectiveness(deps, work.question)
    case 'fit':
      return fitToOutcomes(deps, work.question)
  }
}

const store = await openStore(settings, allDefinitions)
try {
  const rings = loadRings(settings)
  const sealer = openSealer(store, createSecrets(rings.masters, rings.peppers))
  const deps = {
    collections: openCollections(store, sealer),
    sessions: work.kind === 'effectiveness' ? openEvidence(store) : openWholeEvidence(store, sealer),
    policy: defaultPolicy,
    clock: Date.now,
  }
  parentPort?.postMessage(await done(deps))
} finally {
  await store.close()
}
