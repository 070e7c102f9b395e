import type { SignalCode } from '#contract/outcome'
import type { WeightChange } from '#contract/policy-fit'
import type { Policy } from '../policy.ts'
import { allSignals } from '../signals/all-signals.ts'
import { type Box, fitLogistic, type Sample } from './logistic.ts'

/** One event of which the truth is known, by what its signals found. */
export type FitRow = {
  /** Keyed digests. */
  person: string
  payee: string | null
  severities: Partial<Record<SignalCode, number>>
  isFraud: boolean
}

/** Fewer frauds, or fewer that show a signal, say too little. */
export const fitLimits = { frauds: 100, honest: 100, fraudsOfSignal: 20, points: 10 } as const

export type WeightFit = {
  /** People and payees, each counted once. */
  frauds: number
  honest: number
  /** How many more it takes; both 0 where there are enough. */
  missing: { frauds: number; honest: number }
  changes: WeightChange[]
}

/** How strongly a weight is held where it is: as by so many events that say nothing else. */
const strength = 4
/** What a point of the score adds to the logarithm of the odds: where it begins, and the bounds that it stays within. */
const ofPoint: Box = { prior: 0.06, low: 0.02, high: 0.2 }

/** What an action is by itself is policy, and no evidence: nothing learned may make a transfer milder than it was meant. */
const fitted = allSignals.filter(({ code }) => code !== 'ACTION_SENSITIVE')

/**
 * Weights that tell frauds from honest events better than those of `policy`, as changes to it, each with its reason. A weight moves by
 * at most ten points, stays within what the caps let count, and moves at all only if enough different people were robbed while its
 * signal was raised. Too few labels: nothing changes, and it says how many are missing. Pure.
 *
 * All that one person did counts as one event, as does all that one payee got: neither a busy customer nor a mule with many
 * victims decides alone. First the score as it is is calibrated: what a point is worth. Then the model begins at today's weights.
 */
export const fitWeights = (rows: readonly FitRow[], policy: Policy): WeightFit => {
  const ofFraud = weighed(rows.filter(({ isFraud }) => isFraud))
  const ofHonest = weighed(rows.filter(({ isFraud }) => !isFraud))
  const [frauds, honest] = [countOnce(ofFraud), countOnce(ofHonest)]
  const missing = {
    frauds: Math.max(0, fitLimits.frauds - frauds),
    honest: Math.max(0, fitLimits.honest - honest),
  }
  if (missing.frauds + missing.honest > 0) return { frauds, honest, missing, changes: [] }
  const seen = fitted.map(({ code }) => countOnce(ofFraud.filter(showing(code))))
  // Both classes weigh the same in all: how rare frauds are is no matter of the weights.
  const balance = massOf(ofFraud) / massOf(ofHonest)
  const samples = [...ofFraud.map(sampleOf(1)), ...ofHonest.map(sampleOf(balance))]
  const worth = worthOfPoint(samples, policy)
  const boxes = fitted.map(({ code, family, source }, nth): Box => {
    const now = policy.weights[code]
    const mayMove = (seen[nth] ?? 0) >= fitLimits.fraudsOfSignal
    const counts = Math.min(
      policy.caps[family],
      policy.weak.families.includes(family) ? policy.weak.cap : 100,
      source === 'client' ? policy.client_cap : 100,
    )
    const low = mayMove ? Math.max(0, now - fitLimits.points) : now
    const high = mayMove ? Math.min(now + fitLimits.points, Math.max(now, counts)) : now
    return { prior: worth * now, low: worth * low, high: worth * high }
  })
  const { coefficients } = fitLogistic(samples, boxes, strength)
  const changes = fitted.flatMap(({ code }, nth): WeightChange[] => {
    const [before, after] = [policy.weights[code], Math.round((coefficients[nth] ?? 0) / worth)]
    if (after === before) return []
    const shareOf = (of: readonly WeighedRow[]) => massOf(of.filter(showing(code))) / massOf(of)
    return [
      {
        signal: code,
        before,
        after,
        frauds: seen[nth] ?? 0,
        fraud_share: shareOf(ofFraud),
        honest_share: shareOf(ofHonest),
      },
    ]
  })
  return { frauds, honest, missing, changes }
}

/** What a point of today's weights is worth in these events: Platt's calibration of the plain sum. */
const worthOfPoint = (samples: readonly Sample[], policy: Policy): number => {
  const sums = samples.map(({ features, ...rest }) => ({
    ...rest,
    features: [fitted.reduce((sum, { code }, nth) => sum + policy.weights[code] * (features[nth] ?? 0), 0)],
  }))
  return fitLogistic(sums, [ofPoint], strength).coefficients[0] ?? ofPoint.prior
}

/** Different people or different payees, whichever are fewer. */
const countOnce = (rows: readonly FitRow[]): number =>
  Math.min(
    new Set(rows.map(({ person }) => person)).size,
    new Set(rows.map(({ payee, person }) => payee ?? `person ${person}`)).size,
  )

type WeighedRow = FitRow & { mass: number }

/** How much each row of one class counts: no person and no payee more than 1 in all. */
const weighed = (rows: readonly FitRow[]): WeighedRow[] => {
  const ofPerson = Map.groupBy(rows, ({ person }) => person)
  const ofPayee = Map.groupBy(rows, ({ payee }) => payee)
  return rows.map((row) => {
    const toPayee = row.payee === null ? 1 : (ofPayee.get(row.payee)?.length ?? 1)
    return { ...row, mass: 1 / Math.max(ofPerson.get(row.person)?.length ?? 1, toPayee) }
  })
}

const massOf = (rows: readonly WeighedRow[]): number => rows.reduce((sum, { mass }) => sum + mass, 0)

const showing =
  (code: SignalCode) =>
  ({ severities }: FitRow): boolean =>
    (severities[code] ?? 0) > 0

const sampleOf =
  (times: number) =>
  ({ severities, isFraud, mass }: WeighedRow): Sample => ({
    features: fitted.map(({ code }) => severities[code] ?? 0),
    isFraud,
    weight: times * mass,
  })
