import { type Share, shareOf } from './friction.ts'
import { isHonest, isMet, type Placed } from './payment.ts'

/** What is found of one kind of fraud, at the thresholds of the policy. */
export type Detection = {
  kind: string
  payments: Share
  /** Cases of which at least one payment was met. */
  cases: Share
  /** The share of the money that was asked for. */
  money: number
  /** The share of the money that never left. */
  kept: number
}

const detectionOf = (kind: string, payments: readonly Placed[]): Detection => {
  const cases = Map.groupBy(payments, ({ fraud }) => fraud?.case)
  const money = (of: readonly Placed[]) => of.reduce((sum, { amount }) => sum + amount, 0)
  return {
    kind,
    payments: shareOf(payments),
    cases: { met: [...cases.values()].filter((acts) => acts.some(isMet)).length, of: cases.size },
    money: money(payments.filter(isMet)) / money(payments),
    kept: money(payments.filter(({ spent }) => !spent)) / money(payments),
  }
}

/** By kind, and once more those to an account that took money from somebody else before. */
export const detectionsOf = (payments: readonly Placed[], kinds: readonly string[]): Detection[] => {
  const frauds = payments.filter((one) => !isHonest(one))
  return [
    ...kinds.map((kind) =>
      detectionOf(
        kind,
        frauds.filter(({ fraud }) => fraud?.kind === kind),
      ),
    ),
    detectionOf(
      'shared_mule',
      frauds.filter(({ sharedMule }) => sharedMule),
    ),
  ]
}
