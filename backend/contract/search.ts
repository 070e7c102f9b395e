import * as z from 'zod/mini'
import { incidentLine } from './incident.ts'
import { sessionLine } from './session-line.ts'

/** What analysts find by an id or a case reference. */

/** Everything that carries a case reference. */
export const caseAnswer = z.strictObject({
  incidents: z.array(incidentLine),
  sessions: z.array(sessionLine),
})

/** What an id or a case reference typed into the search leads to. */
export const found = z.strictObject({
  results: z.array(
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('session'), session: sessionLine }),
      z.strictObject({ kind: z.literal('incident'), incident: incidentLine }),
    ]),
  ),
})
