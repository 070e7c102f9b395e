import { describe, expect, it } from 'vitest'
import { fitLogistic, type Sample } from '../../../backend/risk/fit/logistic.ts'
import { chanceOf } from '../../population/chance.ts'

/** Against data of which the truth is known. */

const free = { prior: 0, low: -50, high: 50 }
const sigmoid = (x: number) => 1 / (1 + Math.exp(-x))

const drawn = (count: number, intercept: number, coefficients: readonly number[]): Sample[] => {
  const chance = chanceOf(5, 'logistic')
  return Array.from({ length: count }, () => {
    const features = coefficients.map(() => chance.between(0, 1))
    const z = features.reduce((sum, feature, nth) => sum + feature * (coefficients[nth] ?? 0), intercept)
    return { features, isFraud: chance.happens(sigmoid(z)), weight: 1 }
  })
}

describe('a logistic model in a box', () => {
  it('finds the coefficients that the data were drawn with', () => {
    const truth = [3, 0.5, 0]
    const { intercept, coefficients } = fitLogistic(drawn(20_000, -2, truth), [free, free, free], 0.01)
    expect(intercept).toBeCloseTo(-2, 0)
    for (const [nth, value] of truth.entries())
      expect(Math.abs((coefficients[nth] ?? 0) - value)).toBeLessThan(0.2)
  })

  it('is where no slope is left: the mean of what it predicts is the share of frauds', () => {
    const samples = drawn(2_000, -1, [2])
    const { intercept, coefficients } = fitLogistic(samples, [free], 0)
    const predicted = samples.map(({ features }) =>
      sigmoid(intercept + (coefficients[0] ?? 0) * (features[0] ?? 0)),
    )
    const mean = predicted.reduce((sum, p) => sum + p, 0) / samples.length
    expect(mean).toBeCloseTo(samples.filter(({ isFraud }) => isFraud).length / samples.length, 4)
  })

  it('stays at the bound where the best lies beyond, and keeps what is fixed', () => {
    const samples = drawn(5_000, -2, [3, 3])
    const { coefficients } = fitLogistic(
      samples,
      [
        { prior: 1, low: 0, high: 1.5 },
        { prior: 2, low: 2, high: 2 },
      ],
      0.01,
    )
    expect(coefficients).toEqual([1.5, 2])
  })

  it('is pulled to the prior, the more the stronger', () => {
    const samples = drawn(200, -1, [3])
    const at = (strength: number) =>
      fitLogistic(samples, [{ prior: 0, low: 0, high: 50 }], strength).coefficients[0] ?? 0
    expect(at(1e6)).toBeCloseTo(0, 2)
    expect(at(1)).toBeGreaterThan(at(100))
  })

  it('does not run away where a feature tells the classes apart without fault, nor on one class alone', () => {
    const apart = Array.from({ length: 100 }, (_, nth) => ({
      features: [nth % 2],
      isFraud: nth % 2 === 1,
      weight: 1,
    }))
    for (const samples of [apart, apart.filter(({ isFraud }) => isFraud), []]) {
      const { intercept, coefficients } = fitLogistic(samples, [{ prior: 0, low: 0, high: 8 }], 0.001)
      for (const value of [intercept, ...coefficients]) expect(Number.isFinite(value)).toBe(true)
      expect(coefficients[0]).toBeLessThanOrEqual(8)
    }
  })
})
