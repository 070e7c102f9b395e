import * as z from 'zod/mini'
import { ruleMatch } from './assessment.ts'
import { observedDecision } from './enforcement.ts'
import { environment } from './environment.ts'
import { outcome, tier } from './outcome.ts'
import type { ruleProblem } from './rule.ts'
import { text } from './text.ts'

/**
 * Versions of an organisation's policy. A version is never edited: a change makes another draft. Each environment has its
 * own live version and its own version in preview, so that a version can be tried in test first.
 */

/** `pol_3` is an organisation's third version; the policy that comes with the engine has a name of its own. */
export const policyVersion = z
  .string()
  .check(z.regex(/^[a-z][a-z0-9_-]{0,63}$/, { error: 'must be the id of a version, for example pol_3' }))

/**
 * - `draft`: no event meets it.
 * - `preview`: evaluates every event beside the live one (a shadow evaluation), and changes nothing.
 * - `live`: decides.
 * - `retired`: was live once.
 */
const policyState = z.enum(['draft', 'preview', 'live', 'retired'])
export type PolicyState = z.infer<typeof policyState>

/** Why somebody changed or moved a version. */
export const policyNote = text(300).check(
  z.refine((value) => value.trim() !== '', { error: 'must say something' }),
)

export const policyMoveKind = z.enum(['preview', 'withdraw', 'publish', 'roll_back'])
export type PolicyMoveKind = z.infer<typeof policyMoveKind>

/** One line of a version's history. `replaced`: the version that stood there before; null: none did. */
export const policyMove = z.strictObject({
  environment,
  kind: policyMoveKind,
  policy: policyVersion,
  replaced: z.nullable(policyVersion),
  at: z.string(),
  by: z.string(),
  note: z.nullable(z.string()),
})
export type PolicyMoveAnswer = z.infer<typeof policyMove>

export const policySummary = z.strictObject({
  id: policyVersion,
  /** 1, 2, 3 …; 0 is the policy that comes with the engine. */
  number: z.int(),
  /** In the environment of the key that asks. */
  state: policyState,
  /** The version that it was made from; null for the engine's own. */
  base: z.nullable(policyVersion),
  note: z.string(),
  author: z.string(),
  /** Null for the engine's own. */
  created_at: z.nullable(z.string()),
  /** When it last became live, in this environment. */
  published_at: z.nullable(z.string()),
})
export type PolicySummary = z.infer<typeof policySummary>

/** One place in which a version differs from its base; null: not there. */
export const policyChange = z.strictObject({
  path: z.string(),
  before: z.unknown(),
  after: z.unknown(),
})
export type PolicyChange = z.infer<typeof policyChange>

/**
 * `changes` is a JSON merge patch (RFC 7396) over the base: objects are merged, everything else is replaced, null takes
 * an entry away. What comes out is judged as a whole, and every mistake in it is named.
 */
export const policyDraft = z.strictObject({
  /** Default: the version that is live. */
  base: z.optional(policyVersion),
  changes: z.record(z.string(), z.unknown()).check(
    z.refine((changes) => !('version' in changes), {
      error: 'is given by the engine; leave it out',
      path: ['version'],
    }),
  ),
  note: policyNote,
})

/** `expected_live`: refuse, if another version is live by now. */
export const policyPublication = z.strictObject({
  note: policyNote,
  expected_live: z.optional(policyVersion),
})

/** What the version in preview would have decided of the same facts. */
export const shadowEvaluation = z.strictObject({
  policy_version: z.string(),
  outcome,
  score: z.int(),
  tier,
  rule_matches: z.array(ruleMatch),
  /** Where that version would not be enforced: what it would have decided if it were. */
  observed: z.optional(observedDecision),
})
export type ShadowEvaluation = z.infer<typeof shadowEvaluation>

export type PolicyProblem = z.infer<typeof ruleProblem>
