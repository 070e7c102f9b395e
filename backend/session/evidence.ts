import * as z from 'zod/mini'
import { assessment } from '#contract/assessment'
import { quietDays } from '#contract/backtest'
import { redemption } from '#contract/decision'
import { dayMs } from '#contract/durations'
import { environment } from '#contract/environment'
import { normalisedEvent } from '#contract/normalised-event'
import { askOfGuidance, stepType } from '#contract/step'
import { storedFields } from '../store/define-collection.ts'
import { fits } from '../store/fits.ts'
import { underTodaysName } from '../upgrades/trail-words.ts'
import { sessionDocument } from './document.ts'
import { dwellOf, firstSignOf } from './shown.ts'

/**
 * A stored session as reports and backtests read it: the fields that they count and no other. Parsing a whole session
 * costs more than judging it again, and these are read by the hundred thousand. What else a document says is neither
 * looked at nor copied away. Read only: it is never written back.
 */

const stored = sessionDocument.shape
const keys = normalisedEvent.shape.keys.shape
const { input, answered, holdout, observed } = stored.evaluation.shape
const { turn, opened_at, wording_variant, texts_version } = stored.checkpoint.shape
const { hold, incident_id } = stored.consequences.shape

const evidence = z.looseObject({
  request: z.looseObject({ event_id: stored.request.shape.event_id }),
  event: z.looseObject({
    action: normalisedEvent.shape.action,
    amount: normalisedEvent.shape.amount,
    payee: normalisedEvent.shape.payee,
    metadata: normalisedEvent.shape.metadata,
    keys: z.looseObject({ mailbox: keys.mailbox, user: keys.user, payee: keys.payee }),
  }),
  evaluation: z.looseObject({ assessment, input, answered, holdout, observed }),
  status: stored.status,
  checkpoint: z.looseObject({
    turn,
    opened_at,
    wording_variant,
    texts_version,
    steps: z.array(
      z.looseObject({
        type: stepType,
        started_at: z.nullable(z.int()),
        finished_at: z.nullable(z.int()),
        /** Read only for whether there is one. */
        state: z.unknown(),
      }),
    ),
  }),
  ending: z.looseObject({ resolution: stored.ending.shape.resolution }),
  consequences: z.looseObject({ hold, incident_id, report: z.nullable(z.looseObject({ at: z.int() })) }),
  decision: z.nullable(z.looseObject({ redemption: z.nullable(redemption) })),
  audit: z.looseObject({
    entries: z.array(
      z.looseObject({ action: z.string(), at: z.int(), meta: z.record(z.string(), z.unknown()) }),
    ),
  }),
})
export type Evidence = z.infer<typeof evidence>

const head = z.object({
  ...storedFields,
  environment,
  created_at: z.int(),
})

/** What can't be read is counted as such, and never hides the sessions around it. */
export type StoredEvidence = z.infer<typeof head> & { evidence: Evidence | null }

const isEvidence = fits(evidence)

const slowly = (document: unknown): Evidence | null => {
  const parsed = evidence.safeParse(document)
  return parsed.success ? parsed.data : null
}

/** Throws when not even the place in the index can be read. */
export const parseEvidence = (document: unknown): StoredEvidence => {
  return { ...head.parse(document), evidence: isEvidence(document) ? document : slowly(document) }
}

/** When the site reported this result, or null. */
const reportedAt = ({ audit }: Evidence, result: string): number | null =>
  audit.entries.find(({ action, meta }) => action === 'result.reported' && meta['result'] === result)?.at ??
  null

/** The site called it a scam and stands by it, or the person told us about one. */
export const wasReported = (one: Evidence): boolean => one.consequences.report !== null || isCalledScam(one)

/** By the trail: the newest word of the site on it, or of whoever judged the incident after that. */
const isCalledScam = ({ audit }: Evidence): boolean => {
  const said = audit.entries
    .map(underTodaysName)
    .findLast(
      ({ action, meta }) =>
        (action === 'result.reported' &&
          (meta['result'] === 'reported_scam' || meta['result'] === 'retracted')) ||
        (action === 'incident.disposition_set' && meta['disposition'] === 'false_alarm'),
    )
  return said?.meta['result'] === 'reported_scam'
}

/** What the session's own labels say now, by its trail: the newest that was not taken back. */
export const labelledAs = ({ audit }: Evidence): 'risky' | 'legit' | null => {
  const undone = audit.entries
    .filter(({ action }) => action === 'label.undone')
    .map(({ meta }) => meta['label'])
  const standing = audit.entries.findLast(
    ({ action, meta }) => action === 'label.given' && !undone.includes(meta['label']),
  )
  const says = standing?.meta['says']
  return says === 'known_legit'
    ? 'legit'
    : says === 'known_risky' || says === 'suspected_risky'
      ? 'risky'
      : null
}

/** When the site said that it carried the action out, or null. */
export const completedAt = (one: Evidence): number | null => reportedAt(one, 'completed')

/**
 * What it turned out to be, as far as anybody's word may teach. Fraud: the site's `reported_scam`, or an incident that was
 * confirmed; a person's own report alone is neither. Honest: completed long enough before `now`, and quiet since. Whatever
 * was stopped and never judged is null: nobody knows what would have become of it.
 */
export const truthOf = (one: Evidence, now: number): 'fraud' | 'honest' | null => {
  const judged = one.audit.entries
    .map(underTodaysName)
    .findLast(({ action }) => action === 'incident.disposition_set')?.meta['disposition']
  if (isCalledScam(one) || judged === 'confirmed_scam') return 'fraud'
  const completed = completedAt(one)
  if (completed === null || wasReported(one) || labelledAs(one) === 'risky') return null
  return now - completed >= quietDays * dayMs ? 'honest' : null
}

/** Whether there is a sign that the page was on a screen: by the same evidence as at the desk and in the trail. */
export const wasShown = (one: Evidence): boolean => firstSignOf(one) !== null

/** How long the person took over the question about guidance, in milliseconds; null when it was not answered. */
export const dwellMs = (one: Evidence): number | null => {
  const step = one.checkpoint.steps.find(({ type }) => askOfGuidance([type]))
  return step === undefined || step.state === null ? null : dwellOf(one, step)
}

/** Whether somebody was guiding the person: they said so, or the site observed it. */
export const brokeContact = ({ ending }: Evidence): boolean =>
  ending.resolution === 'contact_broken' || ending.resolution === 'contradicted'
