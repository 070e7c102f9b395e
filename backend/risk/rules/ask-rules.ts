import type { RuleError } from '#contract/assessment'
import type { Policy } from '../policy.ts'
import { type CompiledRule, rulesOf } from './compile.ts'
import { askCondition, type Inquiry, readSlot } from './condition-tree.ts'
import { isRaised, isTrue } from './question.ts'
import type { RuleInput } from './rule-input.ts'

/** Live and preview rules whose condition is true, most powerful first, and those that could not be asked. */
export type Asked = { matched: CompiledRule[]; errors: RuleError[] }

const maxErrors = 20
const maxMessageLength = 200

type Fault = RuleError & { rank: number }

/**
 * Asks a policy's rules about one event. If a rule throws, that is a fault of this rule alone: it counts as not matched and
 * is reported, and the others go on. Pure: the order in which rules were written makes no difference.
 */
export function askRules(policy: Policy, input: RuleInput): Asked {
  const { always, byAction, bySignal, sources } = rulesOf(policy)
  const inquiry: Inquiry = { input, sources, readings: new Array(sources.length) }
  const asked: Found = { matched: [], faults: [] }
  askEach(always, inquiry, asked)
  // The contract of events allows an action no spelling but the folded one.
  const named = byAction.get(input.facts['action.name'])
  if (named !== undefined) askEach(named, inquiry, asked)
  for (const { slot, rules } of bySignal)
    if (isRaised(readSlot(inquiry, slot))) askEach(rules, inquiry, asked)
  return { matched: asked.matched, errors: asked.faults.length === 0 ? [] : errorsOf(asked.faults) }
}

type Found = { matched: CompiledRule[]; faults: Fault[] }

function askEach(rules: readonly CompiledRule[], inquiry: Inquiry, { matched, faults }: Found): void {
  for (const one of rules) {
    try {
      if (one.when.kind === 'fault') throw one.when.fault
      if (askCondition(one.when, inquiry) === isTrue) insertByRank(matched, one)
    } catch (fault) {
      faults.push({ rank: one.rank, rule_id: one.rule.id, message: messageOf(fault) })
    }
  }
}

/** Few rules match, and each list comes in the order of rank already. */
function insertByRank(matched: CompiledRule[], rule: CompiledRule): void {
  let at = matched.length
  for (; at > 0; at -= 1) {
    const before = matched[at - 1]
    if (before === undefined || before.rank < rule.rank) break
    matched[at] = before
  }
  matched[at] = rule
}

const errorsOf = (faults: Fault[]): RuleError[] =>
  faults
    .sort((a, b) => a.rank - b.rank)
    .slice(0, maxErrors)
    .map(({ rule_id, message }) => ({ rule_id, message }))

/** What went wrong in one rule, in a bounded sentence. */
export const messageOf = (fault: unknown): string =>
  (fault instanceof Error ? fault.message : String(fault)).slice(0, maxMessageLength)
