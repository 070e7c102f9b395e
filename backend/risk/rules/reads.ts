import type { Leaf } from '#contract/rule'
import { isTotalFact, type ListableFact, listableFact } from '#contract/rule-fact'
import { type CountedSubject, countedSubject } from '../facts/totals.ts'
import type { Policy } from '../policy.ts'
import { leavesOf, type PlacedLeaf } from './leaves.ts'
import { isAgainstFact } from './question.ts'

/** A list of the organisation that a rule looks something up in. */
export type ListLookup = { fact: ListableFact; list: string }
export type PlacedLookup = ListLookup & { path: readonly PropertyKey[] }

/** What the rules of a policy need to be read from the store, beside what every event is evaluated by. Drafts need nothing. */
export type RuleReads = { subjects: ReadonlySet<CountedSubject>; lookups: readonly ListLookup[] }

const known = new WeakMap<Policy, RuleReads>()

/** Found once for each policy object. */
export const readsOf = (policy: Policy): RuleReads => {
  const before = known.get(policy)
  if (before !== undefined) return before
  const asked = policy.rules.filter(({ mode }) => mode !== 'draft')
  const facts = asked.flatMap(({ when }) => leavesOf(when, []).flatMap(({ leaf }) => factsOf(leaf)))
  const reads = {
    subjects: new Set(facts.filter(isTotalFact).flatMap(subjectOf)),
    lookups: asked.flatMap(({ when }) => leavesOf(when, []).flatMap((placed) => lookupOf(placed, policy))),
  }
  known.set(policy, reads)
  return reads
}

/** Every look-up in a list, drafts included, with its path. */
export const lookupsIn = (policy: Pick<Policy, 'rules' | 'lists'>): PlacedLookup[] =>
  policy.rules.flatMap(({ when }, at) =>
    leavesOf(when, ['rules', at, 'when']).flatMap((placed) => lookupOf(placed, policy)),
  )

const factsOf = (leaf: Leaf): string[] => {
  if (!('fact' in leaf)) return []
  return isAgainstFact(leaf) ? [leaf.fact, leaf.value.fact] : [leaf.fact]
}

const subjectOf = (fact: string): CountedSubject[] =>
  countedSubject.options.filter((subject) => fact.startsWith(`${subject}.`))

/** A name that the policy has a short list for means that list. */
const lookupOf = ({ leaf, path }: PlacedLeaf, { lists }: Pick<Policy, 'lists'>): PlacedLookup[] => {
  if (!('in_list' in leaf) && !('not_in_list' in leaf)) return []
  const [key, list] = 'in_list' in leaf ? ['in_list', leaf.in_list] : ['not_in_list', leaf.not_in_list]
  const fact = listableFact.safeParse(leaf.fact)
  return fact.success && !Object.hasOwn(lists, list) ? [{ fact: fact.data, list, path: [...path, key] }] : []
}
