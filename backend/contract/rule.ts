import * as z from 'zod/mini'
import { ruleEffect, ruleMode } from './assessment.ts'
import { actionFamily, signalCode } from './outcome.ts'
import { booleanFact, metadataFact, numberFact, ruleFact, subjectFact, textFact } from './rule-fact.ts'
import { text } from './text.ts'

/**
 * A rule of an organisation: *when* a condition is true, *then* an effect. All of it is data. The grammar is here.
 * `risk/README.md` says what a name means and in which order rules count; `risk/rules/check-rules.ts` says what is refused
 * before publishing.
 *
 * A condition is true, false or unknown. It is unknown if a fact that it reads was not supplied. An unknown condition does
 * not match, and `not` of it is unknown too: what is not known is no evidence in either direction.
 */

/** Bounds of a policy's rules. A program that needs more should keep a list instead. */
export const ruleLimits = {
  rules: 1_000,
  conditionsOfRule: 200,
  conditions: 5_000,
  depth: 8,
  values: 200,
  lists: 50,
  entriesOfList: 10_000,
  entries: 20_000,
  textLength: 256,
  patternLength: 200,
  /** Of all rules together: compiling one may take 5 ms, and the first event of a version waits for all of them. */
  patterns: 50,
  priority: 10_000,
  windowMinutes: 1_440,
} as const

const value = z.string().check(z.minLength(1), z.maxLength(ruleLimits.textLength))
const some = <T extends z.ZodMiniType>(one: T) =>
  z.array(one).check(z.minLength(1), z.maxLength(ruleLimits.values))

/** Names of a policy's lists. */
export const listName = z.string().check(
  z.regex(/^[a-z][a-z0-9_]{0,63}$/, {
    error: 'must be lower_snake_case, at most 64 characters',
  }),
)

/** Comparisons of two numbers. */
export const comparison = z.enum(['eq', 'ne', 'gt', 'gte', 'lt', 'lte'])
export type Comparison = z.infer<typeof comparison>

/** `from` and `to` are both inside. */
const range = { op: z.literal('between'), from: z.number(), to: z.number() }

/** A fact that the policy declares may be of any kind: the checker knows which. */
const orDeclared = <Fact extends z.ZodMiniType>(fact: Fact) => z.union([fact, metadataFact])
const aNumber = orDeclared(numberFact)
const anAnswer = orDeclared(booleanFact)
const aText = orDeclared(textFact)
const anyFact = orDeclared(ruleFact)
const inLists = z.union([textFact, metadataFact, subjectFact])

/** Each member is one way to ask about one kind of fact; the checker tells them apart by `fact` and `op`. */
export const factConditions = {
  compared: z.strictObject({ fact: aNumber, op: comparison, value: z.number() }),
  between: z.strictObject({ fact: aNumber, ...range }),
  number_among: z.strictObject({ fact: aNumber, op: z.enum(['in', 'not_in']), value: some(z.number()) }),
  answered: z.strictObject({ fact: anAnswer, op: z.enum(['eq', 'ne']), value: z.boolean() }),
  same: z.strictObject({ fact: aText, op: z.enum(['eq', 'ne']), value }),
  spelled: z.strictObject({ fact: aText, op: z.enum(['starts_with', 'ends_with', 'contains']), value }),
  matching: z.strictObject({
    fact: aText,
    op: z.literal('matches'),
    value: z.string().check(z.minLength(1), z.maxLength(ruleLimits.patternLength)),
  }),
  text_among: z.strictObject({ fact: aText, op: z.enum(['in', 'not_in']), value: some(value) }),
  /** Two facts of one kind: unknown if one of them is. Numbers must count the same; texts and answers are equal or not. */
  facts: z.strictObject({ fact: anyFact, op: comparison, value: z.strictObject({ fact: anyFact }) }),
  told: z.strictObject({ fact: anyFact, op: z.enum(['known', 'unknown']) }),
  /** In a short list of the policy (texts), or in a list of the organisation of that name (subjects, domains, countries). */
  listed: z.strictObject({ fact: inLists, in_list: listName }),
  not_listed: z.strictObject({ fact: inLists, not_in_list: listName }),
} as const

/** A signal of this event. A signal that is not for this kind of action is quiet. */
export const signalCondition = z.strictObject({
  signal: signalCode,
  is: z.optional(z.enum(['raised', 'quiet', 'unknown'])),
  /** Share of the signal's weight, above 0 and at most 1; with `is` raised, or without it. */
  severity_at_least: z.optional(z.number().check(z.gt(0), z.lte(1))),
})
export type SignalCondition = z.infer<typeof signalCondition>

/**
 * What this user tried within a window, this attempt included, whatever became of it. `amount_to_unknown` is a sum in minor
 * units of this event's currency: of payments to payees not known that went out or still may, each counted once however
 * often it was tried. Without an amount in the event it is unknown.
 */
const velocity = z.strictObject({
  count: z.enum(['attempts', 'payments', 'amount_to_unknown']),
  within_minutes: z.int().check(z.gte(1), z.lte(ruleLimits.windowMinutes)),
  action_family: z.optional(actionFamily),
})
export type Velocity = z.infer<typeof velocity>

export const velocityConditions = {
  compared: z.strictObject({ velocity, op: comparison, value: z.number() }),
  between: z.strictObject({ velocity, ...range }),
} as const

const leaf = z.union([
  signalCondition,
  ...Object.values(factConditions),
  ...Object.values(velocityConditions),
])
/** A condition without others in it. */
export type Leaf = z.infer<typeof leaf>
export type Condition = Leaf | { all: Condition[] } | { any: Condition[] } | { not: Condition }

/** Has no bound on its depth: `checkRules` measures before this recurses, and so does the reader of requests. */
export const condition: z.ZodMiniType<Condition> = z.lazy(() =>
  z.union([
    leaf,
    z.strictObject({ all: some(condition) }),
    z.strictObject({ any: some(condition) }),
    z.strictObject({ not: condition }),
  ]),
)

export const ruleId = z.string().check(
  z.regex(/^rule_[A-Za-z0-9_-]{1,64}$/, {
    error: 'must be rule_ and up to 64 letters, digits, _ or -',
  }),
)

/** Everything of a rule but its condition. */
export const ruleFields = {
  id: ruleId,
  name: text(100),
  /** The outcome of the rule with the highest number counts. */
  priority: z.int().check(z.gte(0), z.lte(ruleLimits.priority)),
  mode: ruleMode,
  then: ruleEffect.check(
    z.refine((then) => Object.values(then).some((part) => part !== undefined), {
      error: 'must have at least one of outcome, minimum_tier, add_steps and points',
    }),
  ),
} as const

export const rule = z.strictObject({ ...ruleFields, when: condition })
export type Rule = z.infer<typeof rule>

/** Lists that rules compare texts with, by name. */
export const ruleLists = z.record(listName, z.array(value).check(z.maxLength(ruleLimits.entriesOfList)))
/** What must not be published of a policy: its path, as in `rules[3].when.all[1].fact`, and what to do about it. */
export const ruleProblem = z.strictObject({ path: z.string(), message: z.string() })
export type RuleProblem = z.infer<typeof ruleProblem>

/** The result of a condition. Unknown is neither true nor false. */
const result = z.enum(['true', 'false', 'unknown'])
export type ConditionResult = z.infer<typeof result>

const reading = z.nullable(z.union([z.number(), z.string(), z.boolean()]))
type Reading = z.infer<typeof reading>

/** One condition of a rule beside the value that it read, and that of the fact it compares with; null if not supplied. */
export type ExplainedCondition =
  | { result: ConditionResult; asked: Leaf; value: Reading; other?: Reading | undefined }
  | { result: ConditionResult; all: ExplainedCondition[] }
  | { result: ConditionResult; any: ExplainedCondition[] }
  | { result: ConditionResult; not: ExplainedCondition }

export const explainedCondition: z.ZodMiniType<ExplainedCondition> = z.lazy(() =>
  z.union([
    z.strictObject({
      result,
      asked: leaf,
      value: reading,
      other: z.optional(reading),
    }),
    z.strictObject({ result, all: z.array(explainedCondition) }),
    z.strictObject({ result, any: z.array(explainedCondition) }),
    z.strictObject({ result, not: explainedCondition }),
  ]),
)

/** Why a rule matched, or did not. Drafts are explained too. `error`: it could not be evaluated, and why. */
export const ruleExplanation = z.strictObject({
  rule_id: z.string(),
  name: z.string(),
  mode: ruleMode,
  result: z.enum([...result.options, 'error']),
  error: z.nullable(z.string()),
  when: z.nullable(explainedCondition),
})
export type RuleExplanation = z.infer<typeof ruleExplanation>
