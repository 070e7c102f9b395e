import { Worker } from 'node:worker_threads'
import type * as z from 'zod/mini'
import { effectivenessReport } from '#contract/effectiveness'
import { fittedWeights } from '#contract/policy-fit'
import type { Analytics, ReportAnswer } from './analytics.ts'
import { type AnalyticsJob, backtestsEnded } from './analytics-job.ts'
import { fairTurns } from './fair-turns.ts'

/** More would take processor time from decisions. The one thread for backtests runs beside them. */
const reports = { slots: 2, inLineOfOwner: 1, inLine: 50 }

/**
 * Each piece of work runs in a thread of its own, which opens the same store again. `sharers`: how many processes of this
 * machine share the slots for reports; each has one at least.
 */
export const analyticsInThreads = (store: AnalyticsJob['store'], sharers = 1): Analytics => {
  const threads = new Set<Worker>()
  const turns = fairTurns({ ...reports, slots: Math.ceil(reports.slots / sharers) })
  let isStopping = false

  const ask = <Answer>(work: AnalyticsJob['work'], schema: z.ZodMiniType<Answer>): Promise<Answer> => {
    const job: AnalyticsJob = { store, work }
    const thread = new Worker(new URL('../analytics-thread.ts', import.meta.url), { workerData: job })
    threads.add(thread)
    return new Promise<Answer>((resolve, reject) => {
      thread.once('message', (answer: unknown) => {
        const parsed = schema.safeParse(answer)
        if (parsed.success) resolve(parsed.data)
        else
          reject(
            new Error('an analytics thread answered something that it should not', { cause: parsed.error }),
          )
      })
      thread.once('error', reject)
      // After an answer this changes nothing.
      thread.once('exit', (code) => {
        threads.delete(thread)
        reject(new Error(`an analytics thread ended (${code}) without an answer`))
      })
    })
  }

  /** In its turn among the reports of all. */
  const report = async <Report>(
    work: Exclude<AnalyticsJob['work'], { kind: 'backtests' }>,
    schema: z.ZodMiniType<Report>,
  ): Promise<ReportAnswer<Report>> => {
    const answer = turns.take(work.question.org_id, async (): Promise<ReportAnswer<Report>> => {
      if (isStopping) return { ok: false, reason: 'stopping' }
      return { ok: true, report: await ask(work, schema) }
    })
    return answer ?? { ok: false, reason: 'others_first' }
  }

  return {
    runBacktests: async () => {
      if (isStopping) return 0
      try {
        return await ask({ kind: 'backtests' }, backtestsEnded)
      } catch (fault) {
        if (isStopping) return 0
        throw fault
      }
    },
    measureEffectiveness: (question) => report({ kind: 'effectiveness', question }, effectivenessReport),
    fitWeights: (question) => report({ kind: 'fit', question }, fittedWeights),
    stop: async () => {
      isStopping = true
      await Promise.all([...threads].map((thread) => thread.terminate()))
    },
  }
}
