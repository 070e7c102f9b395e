import type { PolicyChange } from '#contract/policy'
import type { Policy } from '../risk/policy.ts'

/** The most differences in a list. Beyond it, compare the versions themselves. */
const placesMax = 500

/**
 * Every path at which two versions differ, in the order of the policy. Rules are compared by id, so that a rule moved up the
 * list is no change. Of long lists of texts, only the added and removed ones are shown. Pure.
 */
export const differenceOf = (before: Policy, after: Policy): PolicyChange[] => {
  const { version: _b, rules: rulesBefore, ...restBefore } = before
  const { version: _a, rules: rulesAfter, ...restAfter } = after
  const changes: PolicyChange[] = []
  compare(restBefore, restAfter, '', changes)
  compare(byId(rulesBefore), byId(rulesAfter), 'rules', changes, 1)
  return changes.slice(0, placesMax)
}

const byId = (rules: Policy['rules']): Record<string, unknown> =>
  Object.fromEntries(rules.map((rule) => [rule.id, rule]))

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(ordered(a)) === JSON.stringify(ordered(b))

/** The same value whatever the order of its names. */
const ordered = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(ordered)
  if (!isObject(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .toSorted()
      .map((name) => [name, ordered(value[name])]),
  )
}

/** `depth`: how many levels of names are compared one by one; deeper values are compared as a whole. */
const compare = (before: unknown, after: unknown, path: string, into: PolicyChange[], depth = 6): void => {
  if (depth > 0 && isObject(before) && isObject(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(before[name], after[name], path === '' ? name : `${path}.${name}`, into, depth - 1)
    }
    return
  }
  if (!isSame(before, after)) into.push({ path, ...inShort(before, after) })
}

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')

/** Of long lists of texts only what came and what went. */
const longList = 50
const inShort = (before: unknown, after: unknown): Pick<PolicyChange, 'before' | 'after'> => {
  if (!isTexts(before) || !isTexts(after) || before.length + after.length < longList)
    return { before: before ?? null, after: after ?? null }
  const [had, has] = [new Set(before), new Set(after)]
  return {
    before: before.filter((text) => !has.has(text)).slice(0, longList),
    after: after.filter((text) => !had.has(text)).slice(0, longList),
  }
}
