import type { RuleError } from '#contract/assessment'
import type { Policy } from '../policy.ts'
import { type CompiledRule, type Inquiry, rulesOf } from './compile.ts'
import { isTrue } from './question.ts'
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
  const rules = rulesOf(policy)
  const inquiry: Inquiry = { input, readings: new Array(rules.readings).fill(undefined) }
  const matched: CompiledRule[] = []
  const faults: Fault[] = []
  const ask = (some: readonly CompiledRule[]): void => {
    for (const one of some) {
      try {
        if (one.when(inquiry) === isTrue) matched.push(one)
      } catch (fault) {
        faults.push({ rank: one.rank, rule_id: one.rule.id, message: messageOf(fault) })
      }
    }
  }
  ask(rules.always)
  // The contract of events allows an action no spelling but the folded one.
  ask(rules.byAction.get(input.facts['action.name']) ?? [])
  for (const { code } of input.findings.raised) ask(rules.bySignal.get(code) ?? [])
  return {
    matched: matched.sort((a, b) => a.rank - b.rank),
    errors: faults
      .sort((a, b) => a.rank - b.rank)
      .slice(0, maxErrors)
      .map(({ rule_id, message }) => ({ rule_id, message })),
  }
}

/** What went wrong in one rule, in a bounded sentence. */
export const messageOf = (fault: unknown): string =>
  (fault instanceof Error ? fault.message : String(fault)).slice(0, maxMessageLength)
