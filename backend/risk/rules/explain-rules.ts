import type { Condition, ConditionResult, ExplainedCondition, Rule, RuleExplanation } from '#contract/rule'
import type { Facts } from '../facts/all-facts.ts'
import type { Policy } from '../policy.ts'
import { messageOf } from './ask-rules.ts'
import { byPower, foldedLists } from './compile.ts'
import { type FoldedLists, folded, isFalse, isTrue, isUnknown, questionOf, type Truth } from './question.ts'
import { type RuleInput, ruleInputOf } from './rule-input.ts'

/**
 * Says for every rule of a policy, drafts included, which of its conditions were true, false or unknown, and what each
 * read. Nothing is skipped, so this is slower than deciding: it is meant for one event that somebody asks about.
 *
 * `facts` may be those of a stored session. For another policy than the one that evaluated them, take `factsUnder` first.
 */
export function explainRules({ facts, policy }: { facts: Facts; policy: Policy }): RuleExplanation[] {
  const input = ruleInputOf(facts, policy)
  const lists = foldedLists(policy)
  return policy.rules.toSorted(byPower).map((rule) => explainRule(rule, input, lists))
}

function explainRule(rule: Rule, input: RuleInput, lists: FoldedLists): RuleExplanation {
  const about = { rule_id: rule.id, name: rule.name, mode: rule.mode }
  try {
    const when = explained(rule.when, input, lists)
    return { ...about, result: when.result, error: null, when }
  } catch (fault) {
    return { ...about, result: 'error', error: messageOf(fault), when: null }
  }
}

const names = ['false', 'unknown', 'true'] as const
const truths: Record<ConditionResult, Truth> = { false: isFalse, unknown: isUnknown, true: isTrue }
const truthOf = ({ result }: ExplainedCondition): Truth => truths[result]

const least = (parts: readonly ExplainedCondition[]) => names[Math.min(...parts.map(truthOf))] ?? 'true'
const greatest = (parts: readonly ExplainedCondition[]) => names[Math.max(...parts.map(truthOf))] ?? 'false'
const opposites = { true: 'false', false: 'true', unknown: 'unknown' } as const

function explained(condition: Condition, input: RuleInput, lists: FoldedLists): ExplainedCondition {
  const partOf = (part: Condition) => explained(part, input, lists)
  if ('all' in condition) {
    const all = condition.all.map(partOf)
    return { result: least(all), all }
  }
  if ('any' in condition) {
    const any = condition.any.map(partOf)
    return { result: greatest(any), any }
  }
  if ('not' in condition) {
    const not = partOf(condition.not)
    return { result: opposites[not.result], not }
  }
  const { read, other, evaluate } = questionOf(condition, lists)
  const value = read(input)
  if (other === undefined) return { result: names[evaluate(folded(value), null)], asked: condition, value }
  const compared = other.read(input)
  const result = names[evaluate(folded(value), folded(compared))]
  return { result, asked: condition, value, other: compared }
}
