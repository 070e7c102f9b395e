import type { RuleMatch } from '#contract/assessment'
import type { Outcome } from '#contract/outcome'
import type { CompiledRule } from './compile.ts'
import { type Effect, rulesNamed } from './effect.ts'

/** The same list, if something with more power than rules decided. */
export const overruled = (matches: readonly RuleMatch[]): RuleMatch[] =>
  matches.map((match) => ({ ...match, decided: false }))

/**
 * What an answer says of the rules that matched: first the one that decided, then live rules, then previews, each most
 * powerful first, and as many as a session may hold. A rule decided if its outcome counted and the event got it: if a floor
 * stood against an *allow*, the rule decided nothing.
 */
export function listMatches(
  matched: readonly CompiledRule[],
  asked: Effect['outcome'],
  outcome: Outcome,
): RuleMatch[] {
  if (matched.length === 0) return []
  const decider = asked?.asked === outcome ? asked.rule_id : null
  const rank = ({ rule: { id, mode } }: CompiledRule): number =>
    id === decider ? 0 : mode === 'live' ? 1 : 2
  return [...matched]
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, rulesNamed)
    .map(({ rule }) => ({
      rule_id: rule.id,
      name: rule.name,
      mode: rule.mode,
      effect: rule.then,
      decided: rule.id === decider,
    }))
}
