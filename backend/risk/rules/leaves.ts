import type { Condition, Leaf } from '#contract/rule'

export type PlacedLeaf = { leaf: Leaf; path: readonly PropertyKey[] }

/** Every condition of a rule that contains no other, with its path. Pure. */
export const leavesOf = (when: Condition, path: readonly PropertyKey[]): PlacedLeaf[] => {
  if ('all' in when) return when.all.flatMap((one, i) => leavesOf(one, [...path, 'all', i]))
  if ('any' in when) return when.any.flatMap((one, i) => leavesOf(one, [...path, 'any', i]))
  return 'not' in when ? leavesOf(when.not, [...path, 'not']) : [{ leaf: when, path }]
}
