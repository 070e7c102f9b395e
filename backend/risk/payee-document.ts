import * as z from 'zod/mini'
import { channel } from '#contract/channel'
import { storedFields } from '../store/define-collection.ts'

/**
 * What an organisation remembers of one payee, whoever pays them: one bounded document. Payee, payers and reporters are
 * keyed digests; nobody's name, account or words lie here.
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

/** One who paid. Days count from 1970-01-01, UTC; by arrival, or as the site's history says. */
const payer = z.strictObject({ key: z.string(), first_day: z.int(), last_day: z.int() })
export type Payer = z.infer<typeof payer>

/** One who tried to pay, whatever became of it, and the last day of it. */
const trier = z.strictObject({ key: z.string(), day: z.int() })
export type Trier = z.infer<typeof trier>

export const payeeDocument = z.strictObject({
  ...storedFields,
  reports: z.array(payeeReport),
  dispositions: z.array(payeeDisposition),
  /** When anybody first paid them: by arrival, or as a site's history says. */
  first_paid_at: z.nullable(ms),
  /** Days on which anybody paid, the first `maxDays`, ascending. */
  days: z.array(z.int()),
  /**
   * All who paid, up to `exactPayers`. Of more, those `exactPayers` + 1 with the smallest keys: as keys are digests, a random
   * sample, of which each entry is complete whenever it came.
   */
  payers: z.array(payer),
  /** Who tried lately, at most `maxTriers`: the latest days, then the smallest keys. */
  triers: z.array(trier),
  /** Whether sessions from before this memory was kept have been looked at. */
  sessions_read: z.boolean(),
})
export type Payee = z.infer<typeof payeeDocument>

export const exactPayers = 64
export const maxDays = 64
export const maxTriers = 64
export const maxReports = 64
export const maxDispositions = 32
