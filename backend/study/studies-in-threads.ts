import { Worker } from 'node:worker_threads'
import type * as z from 'zod/mini'
import { effectivenessReport } from '#contract/effectiveness'
import { busy } from '../errors.ts'
import type { Studies } from './studies.ts'
import { backtestsEnded, type StudyJob } from './study-job.ts'

/**
 * More would take the processor from those who decide. Each kind has its own: whoever asks for report after report keeps
 * no backtest waiting.
 */
const threadsMax: Record<StudyJob['work']['kind'], number> = { backtests: 1, effectiveness: 2 }

/** Each piece of work in a thread of its own, which opens the same store again. */
export const studiesInThreads = (store: StudyJob['store']): Studies => {
  const threads = new Map<Worker, StudyJob['work']['kind']>()
  let isStopping = false

  const ask = <Answer>(work: StudyJob['work'], schema: z.ZodMiniType<Answer>): Promise<Answer> => {
    const underWay = [...threads.values()].filter((kind) => kind === work.kind).length
    if (underWay >= threadsMax[work.kind])
      throw busy('Other reports are being made. Ask again in a few seconds.')
    const job: StudyJob = { store, work }
    const thread = new Worker(new URL('./study-thread.ts', import.meta.url), { workerData: job })
    threads.set(thread, work.kind)
    return new Promise<Answer>((resolve, reject) => {
      thread.once('message', (answer: unknown) => {
        const parsed = schema.safeParse(answer)
        if (parsed.success) resolve(parsed.data)
        else
          reject(new Error('a study thread answered something that it should not', { cause: parsed.error }))
      })
      thread.once('error', reject)
      // After an answer this changes nothing.
      thread.once('exit', (code) => {
        threads.delete(thread)
        reject(new Error(`a study thread ended (${code}) without an answer`))
      })
    })
  }

  return {
    runBacktests: () =>
      ask({ kind: 'backtests' }, backtestsEnded).catch((fault: unknown) => {
        if (isStopping) return 0
        throw fault
      }),
    measureEffectiveness: (question) => ask({ kind: 'effectiveness', question }, effectivenessReport),
    stop: async () => {
      isStopping = true
      await Promise.all([...threads.keys()].map((thread) => thread.terminate()))
    },
  }
}
