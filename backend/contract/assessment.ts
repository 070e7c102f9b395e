import * as z from 'zod/mini'
import { actionFamily, outcome, reason, tier } from './outcome.ts'
import { stepType } from './step.ts'

/** A draft is only looked at; a preview is evaluated and listed, and changes nothing; a live rule decides. */
export const ruleMode = z.enum(['draft', 'preview', 'live'])

const rulePointsMax = 50

/** What a rule does when its condition is true. `points` are added to the score, within bounds (risk/README.md). */
export const ruleEffect = z.strictObject({
  outcome: z.optional(outcome),
  minimum_tier: z.optional(tier),
  add_steps: z.optional(z.array(stepType).check(z.minLength(1))),
  points: z.optional(z.int().check(z.gte(-rulePointsMax), z.lte(rulePointsMax))),
})
export type RuleEffect = z.infer<typeof ruleEffect>

/** A rule whose condition was true. `decided`: its outcome was the one that counted. */
export const ruleMatch = z.strictObject({
  rule_id: z.string(),
  name: z.string(),
  mode: ruleMode,
  effect: ruleEffect,
  decided: z.boolean(),
})
export type RuleMatch = z.infer<typeof ruleMatch>

/** A rule that could not be evaluated. It counts as not matched; the others are not touched by it. */
const ruleError = z.strictObject({ rule_id: z.string(), message: z.string() })
export type RuleError = z.infer<typeof ruleError>

/** What a site should mend in what it sends. It is told beside the outcome and changes nothing in it. */
export const ingestWarning = z.discriminatedUnion('code', [
  z.strictObject({
    /** Nobody mapped this action: it has an amount or a payee, and was judged as money going out. */
    code: z.literal('action_unmapped'),
    detail: z.string(),
    /** Known names that look like it, the most alike first. */
    nearest: z.array(z.string()),
  }),
  z.strictObject({
    /** The policy demands facts of this action that the event lacks: it met at least the tier that they cost. */
    code: z.literal('facts_missing'),
    detail: z.string(),
    facts: z.array(z.string()),
  }),
  z.strictObject({
    /** Fields of `metadata` are of another type than the policy declares: no rule could read them. */
    code: z.literal('metadata_mistyped'),
    detail: z.string(),
    fields: z.array(z.string()),
  }),
])
export type IngestWarning = z.infer<typeof ingestWarning>

/** What an analyst reads of how an event was evaluated. */
export const shownAssessment = z.strictObject({
  score: z.int().check(z.gte(0), z.lte(100)),
  outcome,
  tier,
  steps: z.array(stepType),
  reasons: z.array(reason),
  /** Dotted names of facts that were missing, for example `device.id`. */
  unknown: z.array(z.string()),
  rule_matches: z.array(ruleMatch),
  rule_errors: z.array(ruleError),
  policy_version: z.string(),
  /** Which wording the screens and the mail use, for example `transfer`. */
  wording: z.string(),
})

/** Everything that decided one event, stored with it and never changed afterwards. */
export const assessment = z.extend(shownAssessment, {
  warnings: z.array(ingestWarning),
  family: actionFamily,
  /** Judged facts that later steps need: whether the payee is new and the amount high for this person. */
  payee_new: z.nullable(z.boolean()),
  amount_high: z.nullable(z.boolean()),
})
export type Assessment = z.infer<typeof assessment>
