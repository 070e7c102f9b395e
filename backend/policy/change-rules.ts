import type { Policy } from '../risk/policy.ts'

/** Changes one rule of a base. The result is checked as a whole afterwards. Pure. */

/** Where a rule with this id stands or would be put. */
const indexOfRule = (base: Policy, id: string): number => {
  const at = base.rules.findIndex((rule) => rule.id === id)
  return at === -1 ? base.rules.length : at
}

/** Replaces the rule with this id, or adds the rule behind the others. Its content is not checked here. */
export const withRule =
  (id: string, candidate: Record<string, unknown>) =>
  (base: Policy): unknown => {
    const rules: unknown[] = [...base.rules]
    rules[indexOfRule(base, id)] = { ...candidate, id }
    return { ...base, rules }
  }

/** Without the rule; null when there is none with this id. */
export const withoutRule =
  (id: string) =>
  (base: Policy): Policy | null => {
    const rules = base.rules.filter((rule) => rule.id !== id)
    return rules.length === base.rules.length ? null : { ...base, rules }
  }
