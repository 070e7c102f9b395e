import type { RuleMatch } from '#contract/assessment'
import type { Outcome } from '#contract/outcome'
import type { CompiledRule } from './compile.ts'
import { type Effect, rulesNamed } from './effect.ts'

/** The same list where something with more power than any rule decided after all. */
export const overruled = (matches: readonly RuleMatch[]): RuleMatch[] =>
  matches.map((match) => ({ ...match, decided: false }))

/**
 * What an answer says of the rules that matched: the one that decided first, then live ones before previews, each kind most
 * powerful first, as many as a session may hold. A rule decided when its outcome was the one that counted and the event
 * got it: an *allow* that a floor stood against decided nothing.
 */
export function listMatches(
  matched: readonly CompiledRule[],
  asked: Effect['outcome'],
  outcome: Outcome,
): RuleMatch[] {
  if (matched.length === 0) return []
  const decider = asked?.asked === outcome ? asked.rule_id : null
  const place = ({ rule: { id, mode } }: CompiledRule): number =>
    id === decider ? 0 : mode === 'live' ? 1 : 2
  return [...matched]
    .sort((a, b) => place(a) - place(b))
    .slice(0, rulesNamed)
    .map(({ rule }) => ({
      rule_id: rule.id,
      name: rule.name,
      mode: rule.mode,
      effect: rule.then,
      decided: rule.id === decider,
    }))
}
