import type { Condition, ExplainedCondition, Rule, RuleExplanation } from '#contract/rule'
import type { Facts } from '../fact-schema.ts'
import type { Policy } from '../policy.ts'
import { messageOf } from './ask-rules.ts'
import { byPower, foldedLists } from './compile.ts'
import { type FoldedLists, failed, folded, held, questionOf, type Verdict } from './question.ts'
import { type Seen, seenOf } from './seen.ts'

/**
 * Says for every rule of a policy, drafts too, which of its conditions held, failed or were unknown, and with which value.
 * Nothing is skipped, so this is slower than deciding, and meant for one event that somebody asks about.
 *
 * `facts` may be those of a stored session; a policy that is not the one that judged them takes `factsUnder` first.
 */
export function explainRules({ facts, policy }: { facts: Facts; policy: Policy }): RuleExplanation[] {
  const seen = seenOf(facts, policy)
  const lists = foldedLists(policy)
  return policy.rules.toSorted(byPower).map((rule) => explainRule(rule, seen, lists))
}

function explainRule(rule: Rule, seen: Seen, lists: FoldedLists): RuleExplanation {
  const about = { rule_id: rule.id, name: rule.name, mode: rule.mode }
  try {
    const when = explained(rule.when, seen, lists)
    return { ...about, verdict: when.verdict, error: null, when }
  } catch (fault) {
    return { ...about, verdict: 'error', error: messageOf(fault), when: null }
  }
}

const verdictNames = ['failed', 'unknown', 'held'] as const
const ranks: Record<ExplainedCondition['verdict'], Verdict> = { failed, unknown: 1, held }

const least = (parts: readonly ExplainedCondition[]) =>
  verdictNames[Math.min(...parts.map(({ verdict }) => ranks[verdict]))] ?? 'held'
const greatest = (parts: readonly ExplainedCondition[]) =>
  verdictNames[Math.max(...parts.map(({ verdict }) => ranks[verdict]))] ?? 'failed'
const opposites = { held: 'failed', failed: 'held', unknown: 'unknown' } as const

function explained(condition: Condition, seen: Seen, lists: FoldedLists): ExplainedCondition {
  const partOf = (part: Condition) => explained(part, seen, lists)
  if ('all' in condition) {
    const all = condition.all.map(partOf)
    return { verdict: least(all), all }
  }
  if ('any' in condition) {
    const any = condition.any.map(partOf)
    return { verdict: greatest(any), any }
  }
  if ('not' in condition) {
    const not = partOf(condition.not)
    return { verdict: opposites[not.verdict], not }
  }
  const { read, judge } = questionOf(condition, lists)
  const value = read(seen)
  return { verdict: verdictNames[judge(folded(value))], asked: condition, value }
}
