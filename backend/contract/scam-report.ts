import * as z from 'zod/mini'
import { environment } from './environment.ts'

/** What people wrote at the checkpoint, as analysts read it. Times are epoch milliseconds. */

const ms = z.int()

const reportSummary = z.strictObject({
  id: z.string(),
  environment,
  session_id: z.string(),
  incident_id: z.string(),
  case_reference: z.string(),
  user_id: z.string(),
  details: z.string(),
  created_at: ms,
})

export const reportPage = z.strictObject({ reports: z.array(reportSummary), next: z.nullable(z.string()) })
export type ReportPage = z.infer<typeof reportPage>
