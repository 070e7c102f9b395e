import { statSync } from 'node:fs'
import { type Backend, startBackend, type Weight } from './backend.ts'
import { ingests } from './ingest-speed.ts'
import { saturate } from './load.ts'
import { connections } from './rounds.ts'
import type { BenchRow } from './stage.ts'
import { knownUsers } from './traffic.ts'

/**
 * What the backend weighs after very many ingests, beside what it weighed before: resident memory of the process, each time
 * after a full collection. What grows with the number of events is a leak; what grows once is a cache with a bound.
 */

const ingestsInAll = 100_000
/** Where the weight is noted on the way, so that one sees whether it still grows. */
const steps = 5

const megabytes = (bytes: number) => bytes / 2 ** 20
const wordsOf = ({ rss, heapUsed, external }: Weight) =>
  `${megabytes(rss).toFixed(0)} (heap ${megabytes(heapUsed).toFixed(0)}, external ${megabytes(external).toFixed(0)})`

/** Everybody once: what is loaded when it is first needed is there, and caches with a bound (the store's pages) are full. */
const warmUp = (backend: Backend) =>
  saturate(backend.port, ingests(backend), { connections, seconds: 3600, requests: knownUsers })

const what = 'memory after 100,000 ingests beside idle'

const measureMemory: BenchRow['run'] = async (stage) => {
  const backend = await startBackend(stage, 1)
  const atStart = await backend.weigh()
  await warmUp(backend)
  const idle = await backend.weigh()
  const storedBefore = statSync(backend.storeFile).size
  const weights: Weight[] = []
  const source = ingests(backend)
  for (let step = 0; step < steps; step += 1) {
    await saturate(backend.port, source, { connections, seconds: 3600, requests: ingestsInAll / steps })
    weights.push(await backend.weigh())
  }
  const [last = idle] = weights.toReversed()
  // Ends with a checkpoint: everything is in the one file then.
  await backend.stop()
  const storedPerThousand = (statSync(backend.storeFile).size - storedBefore) / (ingestsInAll / 1000)
  const none = {
    cpu_ratio: null,
    ours_p50_ms: null,
    ours_p99_ms: null,
    floor_p50_ms: null,
    floor_p99_ms: null,
  }
  return {
    row: {
      what,
      unit: 'MB',
      better: 'smaller',
      ours: megabytes(last.rss),
      floor: megabytes(idle.rss),
      ratio: last.rss / idle.rss,
      ...none,
      ours_cpu_ms: null,
      floor_cpu_ms: null,
    },
    notes: [
      `memory in MB after a full collection: just started ${wordsOf(atStart)}, idle after ${knownUsers} ingests ${wordsOf(idle)}; then after each ${ingestsInAll / steps}: ${weights.map(wordsOf).join(', ')}`,
      `disk for 1,000 ingests: ${megabytes(storedPerThousand).toFixed(2)} MB with every index; one ingest a second is ${megabytes(86.4 * storedPerThousand).toFixed(0)} MB a day`,
    ],
  }
}

export const memoryRows: readonly BenchRow[] = [{ what, run: measureMemory }]
