import { toMinorUnits } from './currency.ts'
import type { Limits } from './policy.ts'

/** What the policy calls a small and a large payment in a currency, minor units. */
export function levelsOf(currency: string, limits: Limits): { small: number; large: number } {
  const { small, large } = limits.amount_levels[currency] ?? limits.amount_levels_default
  return { small: toMinorUnits(small, currency), large: toMinorUnits(large, currency) }
}

/** Minor units of one currency in another, roughly: the policy's small payment is worth the same in both. No market rate. */
export function roughlyIn(
  currency: string,
  amount: { value: number; currency: string },
  limits: Limits,
): number {
  if (amount.currency === currency) return amount.value
  const smallOf = (code: string) => Math.max(1, levelsOf(code, limits).small)
  return Math.round((amount.value / smallOf(amount.currency)) * smallOf(currency))
}
