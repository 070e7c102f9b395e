import * as z from 'zod/mini'
import { enforcedExtent } from './enforcement-detail.ts'
import { environment } from './environment.ts'

/** Who is at the analysts' desk. Times are epoch milliseconds. */

const ms = z.int()

export const adminRole = z.enum(['analyst', 'owner'])
export type AdminRole = z.infer<typeof adminRole>

export const me = z.strictObject({
  email: z.string(),
  role: adminRole,
  organisation: z.strictObject({
    id: z.string(),
    name: z.string(),
    /** What names somebody to tell of incidents; null when somebody is named. */
    name_contact: z.nullable(z.string()),
    /** What is enforced in each environment. */
    enforced: z.strictObject({ live: enforcedExtent, test: enforcedExtent }),
  }),
  /** What to show when the address says nothing: live, or test while nothing live has happened yet. */
  begin_with: environment,
  /** When the login ends if nothing more is done, and when it ends in any case. */
  idle_ends_at: ms,
  expires_at: ms,
})
export type Me = z.infer<typeof me>

/** Many wrong passwords were sent to this address: come back with the ticket, not before so many seconds. */
export const loginWait = z.strictObject({ ticket: z.string(), wait_seconds: z.int() })

export const loginAnswer = z.union([me, loginWait])
