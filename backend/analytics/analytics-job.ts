import * as z from 'zod/mini'
import { effectivenessBy } from '#contract/effectiveness'
import { environment } from '#contract/environment'

/** What an analytics thread is handed, and what it answers. */

const tenant = { org_id: z.string(), environment }
const question = z.strictObject({ ...tenant, from: z.int(), to: z.int(), by: effectivenessBy })

export const analyticsJob = z.strictObject({
  store: z.strictObject({
    dataDir: z.string(),
    mongodbUri: z.nullable(z.string()),
    mongoWaiveDurability: z.boolean(),
    masterKeys: z.nullable(z.string()),
    codePepper: z.nullable(z.string()),
  }),
  work: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('backtests') }),
    z.strictObject({ kind: z.literal('effectiveness'), question }),
    z.strictObject({ kind: z.literal('fit'), question: z.strictObject({ ...tenant, policy: z.string() }) }),
  ]),
})
export type AnalyticsJob = z.infer<typeof analyticsJob>

/** How many came to an end. */
export const backtestsEnded = z.int()
