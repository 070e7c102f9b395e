import * as z from 'zod/mini'
import { enforcementMode } from '#contract/enforcement'
import { labelProvenance } from '#contract/label'
import { actionFamily, signalCode, signalFamily, type Tier, tier, tierOrder } from '#contract/outcome'
import { rule, ruleLimits, ruleLists } from '#contract/rule'
import { metadataField, metadataFieldsMax, metadataType } from '#contract/rule-fact'
import { stepType } from '#contract/step'

/**
 * The policy: everything about a decision that an organisation may want to change, as data. Code turns facts into
 * severities. The policy says what a severity weighs, which tier a sum is, and what each tier meets.
 */

export const sensitivity = z.enum(['low', 'medium', 'high'])

/** Facts that a policy may demand of an action. */
export const demandableFact = z.enum([
  'amount',
  'payee',
  'target',
  'device.id',
  'user.email',
  'user.created_at',
  'place.country',
  'network.public',
])

const points = z.int().check(z.gte(0), z.lte(100))
const share = z.number().check(z.gte(0), z.lte(1))

const actionPolicySchema = z
  .strictObject({
    family: actionFamily,
    sensitivity,
    /** Which sentences the screens and the mail use. */
    wording: z.string(),
    /** Facts without which this action meets at least `missing_facts_tier`. */
    required: z.array(demandableFact),
    /** The least tier that it meets, whatever the score and whatever rules allow. Policies of before have none. */
    floor: z._default(tier, 'none'),
    /** Whether its decisions are carried out; left out: as the organisation says for the environment. */
    enforcement: z.optional(enforcementMode),
    /** If they are: for how many people in a hundred. Left out: for all. */
    enforcement_share: z.optional(z.int().check(z.gte(0), z.lte(100))),
  })
  .check(
    z.refine(
      ({ enforcement, enforcement_share: share }) => enforcement !== 'observe' || share === undefined,
      {
        error: 'says of how many people the action is enforced; leave it out beside observe',
        path: ['enforcement_share'],
      },
    ),
  )
export type ActionPolicy = z.infer<typeof actionPolicySchema>

/** Major units. A payment below `small` is never high. From `large` on it is, unless the person's history says otherwise. */
const amountLevels = z.strictObject({ small: z.number(), large: z.number() })

const labelPoints = z.strictObject({
  known_risky: points,
  suspected_risky: points,
  /** The most that all warning labels may add together. */
  risky_cap: points,
  /** What one `known_legit` may take from its family, and all of them together. */
  known_legit: points,
  legit_cap: points,
  /** Grounds that anybody can bring forward: together they take at most `weak_legit_cap`. */
  weak_provenances: z.array(labelProvenance),
  weak_legit_cap: points,
})

/** The points of policies that were stored before there were labels. */
export const usualLabelPoints: z.infer<typeof labelPoints> = {
  known_risky: 25,
  suspected_risky: 12,
  risky_cap: 40,
  known_legit: 20,
  legit_cap: 20,
  weak_provenances: ['customer_confirmed', 'not_stated'],
  weak_legit_cap: 8,
}

const limits = z.strictObject({
  context_fresh_seconds: z.int(),
  credentials_changed_hours: z.int(),
  account_young_days: z.int(),
  payee_settled_days: z.int(),
  attempts_per_hour: z.int(),
  attempts_per_day: z.int(),
  /** How many payments in a currency make a history to compare with. */
  amounts_for_history: z.int(),
  amount_levels: z.record(z.string(), amountLevels),
  amount_levels_default: amountLevels,
})
export type Limits = z.infer<typeof limits>

const policyFields = z.strictObject({
  version: z.string(),
  actions: z.record(z.string(), actionPolicySchema),
  /** How much of `ACTION_SENSITIVE` an action brings by itself. */
  base: z.record(actionFamily, z.record(sensitivity, share)),
  weights: z.record(signalCode, points),
  /** The most that one family of signals may add. */
  caps: z.record(signalFamily, points),
  /** Families of weak signals: each has an innocent explanation, so together they add at most `cap`. */
  weak: z.strictObject({ families: z.array(signalFamily), cap: points }),
  /** The most that all signals which rest on the browser's word may add together: whoever runs it may say anything. */
  client_cap: points,
  labels: z._default(labelPoints, usualLabelPoints),
  /** The lowest score of each tier. */
  thresholds: z.record(tier, points),
  steps: z.record(tier, z.array(stepType)),
  pause_seconds: z.record(tier, z.int()),
  /** A raised signal that sets a least tier for some families, at any score. */
  signal_floors: z.array(
    z.strictObject({
      signal: signalCode,
      families: z.array(actionFamily),
      tier,
      /** Applies from this severity on. */
      from_severity: z._default(share, 0),
    }),
  ),
  missing_facts_tier: tier,
  limits,
  /** The organisation's own rules, beside or instead of the score. Policies of before have none. */
  rules: z._default(z.array(rule).check(z.maxLength(ruleLimits.rules)), []),
  lists: z._default(ruleLists, {}),
  /** Fields of an event's `metadata` that rules may read, each with its type. Nothing else in it is read. */
  metadata: z._default(
    z.record(metadataField, metadataType).check(
      z.refine((fields) => Object.keys(fields).length <= metadataFieldsMax, {
        error: `must be at most ${metadataFieldsMax} fields`,
      }),
    ),
    {},
  ),
})
export type Policy = z.infer<typeof policyFields>

const isAscending = (policy: Policy): boolean =>
  policy.thresholds.none === 0 &&
  tierOrder.every((name, i) => {
    const below = tierOrder[i - 1]
    return below === undefined || policy.thresholds[below] < policy.thresholds[name]
  })

/** Requirement: a café's network, a new phone and a holiday together never block anybody by themselves. */
const weakSignalsCannotBlock = (policy: Policy): boolean => {
  const shares = Object.values(policy.base).flatMap((bySensitivity) => Object.values(bySensitivity))
  const highestBase = Math.min(
    policy.caps.policy,
    Math.round(policy.weights.ACTION_SENSITIVE * Math.max(...shares)),
  )
  return highestBase + policy.weak.cap < policy.thresholds.critical
}

const suspicionWeighsLess = ({ labels }: Policy): boolean => labels.suspected_risky <= labels.known_risky

/** Parses a policy that was stored or sent; refuses one whose tiers overlap or that lets weak signals block alone. */
export const policySchema = policyFields.check(
  z.refine(isAscending, { error: 'tiers must begin at 0 and ascend', path: ['thresholds'] }),
  z.refine(weakSignalsCannotBlock, { error: 'weak signals alone must not reach critical', path: ['weak'] }),
  z.refine(suspicionWeighsLess, {
    error: 'a suspicion must not weigh more than what is known',
    path: ['labels', 'suspected_risky'],
  }),
)

/** The little of an event that says what kind of action it is. */
type NamedAction = { action: string; amount: object | number | null; payee: object | string | null }

/** Whether the policy knows an action of this name. */
export const isMapped = (policy: Policy, action: string): boolean => Object.hasOwn(policy.actions, action)

/**
 * What the policy says of an event's action. An unknown name opens nothing that a known one would not. With an amount or a
 * payee it moves money and must meet what a transfer meets. With neither, nobody can say what it does, and it is not let
 * through: ingest refuses it before any evaluation, but a stored event or another policy may bring it here.
 */
export function actionPolicy(policy: Policy, event: NamedAction): ActionPolicy {
  const mapped = isMapped(policy, event.action) ? policy.actions[event.action] : undefined
  if (mapped) return mapped
  return event.amount === null && event.payee === null ? unknownAction : unmappedPayment
}

const unmappedPayment: ActionPolicy = {
  family: 'money_out',
  sensitivity: 'medium',
  wording: 'generic',
  required: ['amount', 'payee'],
  floor: 'none',
}

const unknownAction: ActionPolicy = {
  family: 'other',
  sensitivity: 'medium',
  wording: 'generic',
  required: [],
  floor: 'critical',
}

/**
 * Whether an event of this action must say what it changes: without it neither screen nor digest could name it. An action
 * that only replaces a password needs nothing: nobody sends the new one.
 */
export function requiresTarget(policy: Policy, action: string): boolean {
  const { family, required } = actionPolicy(policy, { action, amount: null, payee: null })
  return (family === 'credentials' || family === 'data') && required.includes('target')
}

/** The tier of a score, most severe first. */
export const tierOfScore = (policy: Policy, score: number): Tier =>
  tierOrder.findLast((name) => score >= policy.thresholds[name]) ?? 'none'

/** The more severe of two tiers. */
export const severerTier = (a: Tier, b: Tier): Tier => (tierOrder.indexOf(a) >= tierOrder.indexOf(b) ? a : b)
