import * as z from 'zod/mini'
import { channel } from '#contract/channel'

/**
 * What an organisation remembers of one payee, whoever pays them: one bounded document. Payee and reporters are keyed
 * digests; nobody's name, account or words lie here.
 */

const ms = z.int()

/** What one person said at the end of one session. Nobody has confirmed it. */
const payeeReport = z.strictObject({
  session_id: z.string(),
  reporter: z.string(),
  /** How old the reporter's account was then; null when the site does not say. */
  account_days: z.nullable(z.int()),
  at: ms,
  /**
   * The incident whose disposition was a false alarm. The report then counts nothing, and further reports of this person
   * about this payee are not taken.
   */
  dismissed_by: z.nullable(z.string()),
})
export type PayeeReport = z.infer<typeof payeeReport>

/** What an incident came to, for this payee. One each; a later word replaces it. */
const payeeDisposition = z.strictObject({
  incident_id: z.string(),
  word: z.enum(['confirmed', 'dismissed', 'unclear']),
  how: z.enum([...channel.options, 'result']),
  /** `key:…` or an analyst's account. */
  by: z.string(),
  at: ms,
  /** Which of the incident's dispositions it is: an older one must not replace a newer one. 0 for an event's result. */
  revision: z.int(),
})
export type PayeeDisposition = z.infer<typeof payeeDisposition>

export const payeeReportsDocument = z.strictObject({
  _id: z.string(),
  org_id: z.string(),
  version: z.int(),
  purge_at: z.nullable(ms),
  reports: z.array(payeeReport),
  dispositions: z.array(payeeDisposition),
  /** The earliest payment to them that a site's history told of, whoever paid. */
  first_paid_at: z.nullable(ms),
})
export type PayeeReports = z.infer<typeof payeeReportsDocument>

export const maxReports = 64
export const maxDispositions = 32
