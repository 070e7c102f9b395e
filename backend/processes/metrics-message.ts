import * as z from 'zod/mini'

/** What the primary and its workers say to each other about metrics. */

/** One process's, as prom-client writes and sums them. */
export const processMetrics = z.array(z.looseObject({ aggregator: z.string() }))
export type ProcessMetrics = z.infer<typeof processMetrics>

export const fromWorker = z.discriminatedUnion('type', [
  /** Somebody reads `/metrics` at this worker. */
  z.object({ type: z.literal('sums_wanted') }),
  z.object({ type: z.literal('own_metrics'), metrics: processMetrics }),
])
export type FromWorker = z.input<typeof fromWorker>

export const fromPrimary = z.discriminatedUnion('type', [
  z.object({ type: z.literal('own_metrics_wanted') }),
  /** The text exposition over all workers. */
  z.object({ type: z.literal('sums'), text: z.string() }),
])
export type FromPrimary = z.infer<typeof fromPrimary>
