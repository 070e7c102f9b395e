import { isTotalFact, type RuleFact } from '#contract/rule-fact'
import { type CountedSubject, countedSubject } from '../facts/totals.ts'
import type { Policy } from '../policy.ts'
import { leavesOf } from './leaves.ts'
import { isAgainstFact } from './question.ts'

/** What the rules of a policy need to be read from the store, beside what every event is evaluated by. Drafts need nothing. */
export type RuleReads = { subjects: ReadonlySet<CountedSubject> }

const known = new WeakMap<Policy, RuleReads>()

/** Found once for each policy object. */
export const readsOf = (policy: Policy): RuleReads => {
  const before = known.get(policy)
  if (before !== undefined) return before
  const leaves = policy.rules
    .filter(({ mode }) => mode !== 'draft')
    .flatMap(({ when }) => leavesOf(when, []))
    .map(({ leaf }) => leaf)
  const facts = leaves.flatMap((leaf) => {
    if (!('fact' in leaf)) return []
    return isAgainstFact(leaf) ? [leaf.fact, leaf.value.fact] : [leaf.fact]
  })
  const reads = { subjects: new Set(facts.filter(isTotalFact).flatMap(subjectOf)) }
  known.set(policy, reads)
  return reads
}

const subjectOf = (fact: RuleFact): CountedSubject[] =>
  countedSubject.options.filter((subject) => fact.startsWith(`${subject}.`))
