/**
 * A logistic model with a box around each coefficient. Pure and deterministic. No library of those that are kept fits one
 * with bounds and a prior, and scoring is our own business.
 */

/** `weight`: how much the sample counts. */
export type Sample = { features: readonly number[]; isFraud: boolean; weight: number }

/** What is believed of a coefficient before anything was seen, and the bounds that nothing seen may break. */
export type Box = { prior: number; low: number; high: number }

export type Logistic = { intercept: number; coefficients: number[] }

/** The intercept has no prior; this bound keeps it finite where the classes can be told apart without fault. */
const interceptMost = 30
const stepsMax = 50
const sweepsMax = 200
const enough = 1e-9

/** ln(1 + eˣ), also where eˣ is too large for a number. */
const softplus = (x: number): number => Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)))
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

/** `at[0]` is the intercept. */
const linear = (at: readonly number[], features: readonly number[]): number =>
  features.reduce((sum, feature, nth) => sum + feature * (at[nth + 1] ?? 0), at[0] ?? 0)

const clamp = (value: number, { low, high }: Pick<Box, 'low' | 'high'>): number =>
  Math.min(high, Math.max(low, value))

/**
 * Minimises the weighted log loss plus `strength` / 2 × the squared distance of every coefficient from its prior, within the boxes:
 * Newton's method, each step a quadratic problem in a box, solved coordinate by coordinate and halved until the loss falls
 * (Friedman, Hastie, Tibshirani 2010).
 */
export const fitLogistic = (
  samples: readonly Sample[],
  boxes: readonly Box[],
  strength: number,
): Logistic => {
  const all: Box[] = [{ prior: 0, low: -interceptMost, high: interceptMost }, ...boxes]
  const pull = (nth: number): number => (nth === 0 ? 1e-6 : strength)
  const lossAt = (at: readonly number[]): number => {
    let loss = 0
    for (const { features, isFraud, weight } of samples) {
      const z = linear(at, features)
      loss += weight * softplus(isFraud ? -z : z)
    }
    return all.reduce((sum, { prior }, nth) => sum + (pull(nth) / 2) * ((at[nth] ?? 0) - prior) ** 2, loss)
  }
  let at = all.map((box) => clamp(box.prior, box))
  let loss = lossAt(at)
  for (let step = 0; step < stepsMax; step += 1) {
    const move = newtonMove(samples, all, at, pull)
    let share = 1
    let [next, nextLoss] = [at, loss]
    for (; share > enough; share /= 2) {
      next = at.map((value, nth) => value + share * (move[nth] ?? 0))
      nextLoss = lossAt(next)
      if (nextLoss <= loss) break
    }
    if (!(nextLoss < loss - enough)) break
    ;[at, loss] = [next, nextLoss]
  }
  const [intercept = 0, ...coefficients] = at
  return { intercept, coefficients }
}

/** Where the quadratic that touches the loss here is smallest within the boxes, seen from here. */
const newtonMove = (
  samples: readonly Sample[],
  boxes: readonly Box[],
  at: readonly number[],
  pull: (nth: number) => number,
): number[] => {
  const size = boxes.length
  const slope = boxes.map(({ prior }, nth) => pull(nth) * ((at[nth] ?? 0) - prior))
  const bend = boxes.map((_, row) => boxes.map((__, column) => (row === column ? pull(row) : 0)))
  for (const { features, isFraud, weight } of samples) {
    const p = sigmoid(linear(at, features))
    const [error, curve] = [weight * (p - (isFraud ? 1 : 0)), weight * p * (1 - p)]
    const raised = [0, ...features.flatMap((feature, nth) => (feature === 0 ? [] : [nth + 1]))]
    const featureAt = (nth: number): number => (nth === 0 ? 1 : (features[nth - 1] ?? 0))
    for (const row of raised) {
      slope[row] = (slope[row] ?? 0) + error * featureAt(row)
      const line = bend[row] ?? []
      for (const column of raised)
        line[column] = (line[column] ?? 0) + curve * featureAt(row) * featureAt(column)
    }
  }
  const move = Array.from({ length: size }, () => 0)
  for (let sweep = 0; sweep < sweepsMax; sweep += 1) {
    let furthest = 0
    for (const [nth, box] of boxes.entries()) {
      const line = bend[nth] ?? []
      const before = move[nth] ?? 0
      const gradient = move.reduce((sum, value, other) => sum + value * (line[other] ?? 0), slope[nth] ?? 0)
      const here = at[nth] ?? 0
      const after = clamp(here + before - gradient / (line[nth] ?? 1), box) - here
      move[nth] = after
      furthest = Math.max(furthest, Math.abs(after - before))
    }
    if (furthest < enough) break
  }
  return move
}
