import { ruleLimits } from '#contract/rule'
import { noteContradictions, type Placed } from './check-contradiction.ts'
import { checkLeaf, type LeafContext } from './check-leaf.ts'
import { objectOf } from './problems.ts'

export type ConditionContext = LeafContext & {
  /** Conditions met so far: in this rule, and in all of them. */
  counted: { ofRule: number; together: number }
}

const kinds = ['all', 'any', 'not', 'signal', 'fact', 'velocity'] as const

/**
 * Checks a condition and everything in it, for any JSON. Depth and number are checked on the way, so that nothing written
 * to exhaust us is walked to its end. Answers the plain conditions that must be true together with it.
 */
export function checkCondition(
  json: unknown,
  path: string,
  depth: number,
  context: ConditionContext,
): Placed[] {
  const { problems, counted } = context
  counted.ofRule += 1
  counted.together += 1
  if (tooMuch(path, depth, context)) return []
  const condition = objectOf(json)
  const present = condition === null ? [] : kinds.filter((kind) => kind in condition)
  const [kind] = present
  if (condition === null || kind === undefined || present.length > 1) {
    problems.note(path, `A condition has exactly one of ${kinds.join(', ')}.`)
    return []
  }
  if (kind === 'all' || kind === 'any' || kind === 'not') {
    const others = Object.keys(condition).filter((key) => key !== kind)
    if (others.length > 0) problems.note(`${path}.${others[0]}`, `Beside \`${kind}\` stands nothing else.`)
    if (kind !== 'not') return checkParts(kind, condition[kind], `${path}.${kind}`, depth, context)
    checkCondition(condition[kind], `${path}.not`, depth + 1, context)
    return []
  }
  const leaf = checkLeaf(condition, path, context)
  if (leaf === null) return []
  noteContradictions([{ leaf, path }], problems)
  return [{ leaf, path }]
}

function tooMuch(path: string, depth: number, { problems, counted }: ConditionContext): boolean {
  if (depth > ruleLimits.depth) {
    problems.note(
      path,
      `Conditions may lie ${ruleLimits.depth} deep; this one is deeper. Use lists, or two rules.`,
    )
    return true
  }
  // Said once, at the first that is too many; the ones after it are not looked at.
  if (counted.ofRule === ruleLimits.conditionsOfRule + 1)
    problems.note(
      path,
      `A rule may have ${ruleLimits.conditionsOfRule} conditions. Use a list for many values.`,
    )
  if (counted.together === ruleLimits.conditions + 1)
    problems.note(path, `A policy’s rules may have ${ruleLimits.conditions} conditions together.`)
  return counted.ofRule > ruleLimits.conditionsOfRule || counted.together > ruleLimits.conditions
}

function checkParts(
  kind: 'all' | 'any',
  json: unknown,
  path: string,
  depth: number,
  context: ConditionContext,
): Placed[] {
  if (!Array.isArray(json) || json.length === 0) {
    context.problems.note(path, 'Must be a list of at least one condition.')
    return []
  }
  const together: Placed[] = []
  for (const [i, part] of json.entries()) {
    if (context.counted.ofRule > ruleLimits.conditionsOfRule || context.problems.isFull()) break
    together.push(...checkCondition(part, `${path}[${i}]`, depth + 1, context))
  }
  if (json.length > ruleLimits.values && context.counted.ofRule <= ruleLimits.conditionsOfRule)
    context.problems.note(path, `Must hold at most ${ruleLimits.values} conditions.`)
  if (kind === 'any') return []
  noteContradictions(together, context.problems)
  return together
}
