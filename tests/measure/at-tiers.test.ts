import { expect, it } from 'vitest'
import { atTiers } from '../../backend/measure/at-tiers.ts'

const none = { none: 0, low: 0, medium: 0, high: 0, critical: 0 }

it('precision and recall are of what lies at a tier or above it', () => {
  const frauds = { none: 2, low: 1, medium: 0, high: 3, critical: 2 }
  const honest = { none: 80, low: 12, medium: 5, high: 3, critical: 0 }
  expect(atTiers({ frauds, honest })).toEqual([
    { tier: 'low', frauds_met: 6, honest_met: 20, precision: 6 / 26, recall: 6 / 8 },
    { tier: 'medium', frauds_met: 5, honest_met: 8, precision: 5 / 13, recall: 5 / 8 },
    { tier: 'high', frauds_met: 5, honest_met: 3, precision: 5 / 8, recall: 5 / 8 },
    { tier: 'critical', frauds_met: 2, honest_met: 0, precision: 1, recall: 2 / 8 },
  ])
})

it('a share of nothing is null', () => {
  for (const { precision, recall } of atTiers({ frauds: none, honest: none })) {
    expect(precision).toBeNull()
    expect(recall).toBeNull()
  }
})
