import * as z from 'zod/mini'
import { environment } from '#contract/environment'
import { reportPage } from '#contract/scam-report'
import type { Deps } from '../deps.ts'
import { newestFirst } from './newest-first.ts'
import { cursorText } from './request-parts.ts'
import { analystRoute, nothing, type Route } from './route.ts'

/** What people wrote at the checkpoint, in their own words. */
export const scamReportRoutes = (deps: Deps): Route[] => [
  analystRoute({
    method: 'GET',
    path: '/api/scam-reports',
    summary: 'What people reported at the checkpoint, newest first',
    request: { ...nothing, query: z.strictObject({ environment, cursor: cursorText }) },
    answers: {
      200: { description: 'One page; `next` is the cursor of the one behind it.', schema: reportPage },
    },
    handle: async ({ query, caller: { account }, log }) => {
      const tenant = { org_id: account.org_id, environment: query.environment }
      const { docs, next } = await newestFirst(deps.collections.scamReports, tenant, query.cursor)
      log.info(
        { account: account._id, org: account.org_id, reports: docs.length },
        'analyst looked at personal data',
      )
      const reports = docs.map((report) => ({
        id: report._id,
        environment: report.environment,
        session_id: report.session_id,
        incident_id: report.incident_id,
        case_reference: report.case_reference,
        user_id: report.user_id,
        details: report.details,
        created_at: report.created_at,
      }))
      return { status: 200, body: { reports, next } }
    },
  }),
]
