import * as z from 'zod/mini'
import type { PolicyProblem } from '#contract/policy'
import { wordings } from '../../widget/texts/wording.ts'
import { type Policy, policySchema } from '../risk/policy.ts'
import { checkRules } from '../risk/rules/check-rules.ts'
import { checkActions } from './check-actions.ts'
import { checkCheckpoint } from './check-checkpoint.ts'
import { checkMilderRules } from './check-milder-rules.ts'
import { checkNamedActions } from './check-named-actions.ts'
import { checkSafeguards } from './check-safeguards.ts'
import { checkScore } from './check-score.ts'
import { readParts } from './policy-parts.ts'
import { schemaErrors } from './schema-errors.ts'

export type Checked = { ok: true; policy: Policy } | { ok: false; problems: PolicyProblem[] }

/** In bytes of JSON. A version is read and sent as a whole: to the store, to every instance's cache, to a page. */
export const policyMaxBytes = 1_000_000

/** The shape alone. How the parts fit each other is checked below, part by part. */
const shape = z.strictObject(policySchema.shape)

/**
 * Checks a whole policy before anybody can meet it, and answers the path of every mistake. Parts are checked one by one, so
 * that a mistake in one hides none in another. Pure.
 */
export const checkPolicy = (candidate: unknown): Checked => {
  const ruleProblems = checkRules(candidate)
  // Rules that are too many or too deep were measured by their own check: nothing recurses into them after that.
  const rest = ruleProblems.length === 0 ? candidate : withoutRules(candidate)
  const parts = readParts(rest)
  const isTold = (path: string) => ruleProblems.some((problem) => problem.path === path)
  const problems = [
    ...schemaErrors(shape, rest).filter(({ path }) => !isTold(path)),
    ...checkScore(parts),
    ...checkCheckpoint(parts),
    ...checkActions(parts, wordings),
    ...checkSafeguards(parts),
    ...ruleProblems,
    ...checkSize(candidate),
  ]
  if (problems.length > 0) return { ok: false, problems: distinct(problems) }
  const parsed = policySchema.safeParse(candidate)
  if (!parsed.success) return { ok: false, problems: schemaErrors(policySchema, candidate) }
  const unsound = [...checkNamedActions(parsed.data), ...checkMilderRules(parsed.data)]
  return unsound.length === 0 ? { ok: true, policy: parsed.data } : { ok: false, problems: unsound }
}

const withoutRules = (candidate: unknown): unknown =>
  typeof candidate === 'object' && candidate !== null && !Array.isArray(candidate)
    ? { ...candidate, rules: [], lists: {} }
    : candidate

const checkSize = (candidate: unknown): PolicyProblem[] => {
  const bytes = bytesOf(candidate)
  return bytes <= policyMaxBytes
    ? []
    : [
        {
          path: '',
          message: `Must be at most ${policyMaxBytes} bytes in all, and not nested without end; shorten rules or lists.`,
        },
      ]
}

/** Infinite for what is nested too deeply to be written as JSON. */
const bytesOf = (candidate: unknown): number => {
  try {
    return Buffer.byteLength(JSON.stringify(candidate) ?? '')
  } catch {
    return Number.POSITIVE_INFINITY
  }
}

const distinct = (problems: readonly PolicyProblem[]): PolicyProblem[] => [
  ...new Map(problems.map((problem) => [`${problem.path} ${problem.message}`, problem])).values(),
]
