import * as z from 'zod/mini'
import type { RuleEffect } from '#contract/assessment'
import { ruleFields } from '#contract/rule'
import { type ConditionContext, checkCondition } from './check-condition.ts'
import { objectOf, type Problems, parsedAt } from './problems.ts'

const withoutCondition = z.strictObject({ ...ruleFields, when: z.unknown() })

/** Checks one rule, for any JSON. Answers its id if that is sound. */
export function checkRule(json: unknown, path: string, context: ConditionContext): string | null {
  const rule = objectOf(json)
  if (rule === null) {
    context.problems.note(path, 'A rule is an object with id, name, priority, mode, when and then.')
    return null
  }
  const fields = parsedAt(withoutCondition, rule, path, context.problems)
  if (fields !== null) checkEffect(fields.then, `${path}.then`, context.problems)
  context.counted.ofRule = 0
  checkCondition(rule['when'], `${path}.when`, 1, context)
  return fields?.id ?? null
}

/** Notes effects that can't be carried out together, or do nothing. */
function checkEffect(
  { outcome, minimum_tier, add_steps }: RuleEffect,
  path: string,
  problems: Problems,
): void {
  if (minimum_tier === 'none') problems.note(`${path}.minimum_tier`, 'Nothing is below none: leave it away.')
  if (outcome === 'allow' && minimum_tier !== undefined)
    problems.note(`${path}.minimum_tier`, 'What is allowed has no tier: leave one of the two away.')
  if (add_steps === undefined) return
  if (outcome === 'allow' || outcome === 'block_escalate')
    problems.note(`${path}.add_steps`, `With ${outcome} no steps are walked: leave one of the two away.`)
  if (minimum_tier === 'critical')
    problems.note(`${path}.add_steps`, 'At critical no steps are walked: leave one of the two away.')
  const repeated = add_steps.findIndex((step, i) => add_steps.indexOf(step) !== i)
  if (repeated !== -1)
    problems.note(
      `${path}.add_steps[${repeated}]`,
      `${add_steps[repeated]} is here already: each step is walked once.`,
    )
}
