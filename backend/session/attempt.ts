import * as z from 'zod/mini'
import { sessionDocument } from './document.ts'

/**
 * A stored session as payee memory reads it: who tried to pay whom, and when. An ingest reads a dozen of them, and
 * parsing that many whole sessions costs more than everything else that it does. Read only: it is never written back.
 */

const stored = sessionDocument.shape

const attempt = z.object({
  _id: stored._id,
  org_id: stored.org_id,
  version: stored.version,
  purge_at: stored.purge_at,
  created_at: stored.created_at,
  event: z.object({
    keys: z.object({
      user: stored.event.shape.keys.shape.user,
      payee: stored.event.shape.keys.shape.payee,
    }),
  }),
  assessment: z.object({ family: stored.assessment.shape.family }),
})
export type StoredAttempt = z.infer<typeof attempt>

/** Throws when who, whom, when or the kind of action can't be read; the rest of the session is not looked at. */
export const parseAttempt = (document: unknown): StoredAttempt => attempt.parse(document)
