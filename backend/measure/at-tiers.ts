import type { AtTier } from '#contract/backtest'
import { type Tier, tierOrder } from '#contract/outcome'

/** How many events of a kind ended in each tier. */
export type ByTier = Record<Tier, number>

/** Precision and recall at each tier that asks, the mildest first. */
export const atTiers = ({ frauds, honest }: { frauds: ByTier; honest: ByTier }): AtTier[] => {
  const share = (part: number, of: number): number | null => (of === 0 ? null : part / of)
  return tierOrder.slice(1).map((tier, nth) => {
    const from = tierOrder.slice(nth + 1)
    const countIn = (of: ByTier, tiers: readonly Tier[]) => tiers.reduce((sum, one) => sum + of[one], 0)
    const [frauds_met, honest_met] = [countIn(frauds, from), countIn(honest, from)]
    return {
      tier,
      frauds_met,
      honest_met,
      precision: share(frauds_met, frauds_met + honest_met),
      recall: share(frauds_met, countIn(frauds, tierOrder)),
    }
  })
}
