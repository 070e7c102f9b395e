import * as z from 'zod/mini'
import { deskIncident } from './incident.ts'
import { sessionSummary } from './session-summary.ts'

/** What analysts find by an id or a case reference. */

/** Everything that carries a case reference. */
export const caseAnswer = z.strictObject({
  incidents: z.array(deskIncident),
  sessions: z.array(sessionSummary),
})

/** What an id or a case reference typed into the search leads to. */
export const found = z.strictObject({
  results: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('session'), session: sessionSummary }),
      z.strictObject({ kind: z.literal('incident'), incident: deskIncident }),
    ]),
  ),
})
