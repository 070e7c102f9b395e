import { dayMs, goLive, weekMs } from './calendar.ts'
import { type FraudKind, fraudKinds } from './frauds/scheme.ts'
import type { Moment } from './population.ts'
import { areaUnderCurve, median, type Ranked, recallAt } from './ranking.ts'
import type { Met, Replayed } from './replay.ts'

/** What a replay comes to, in figures. Everything is counted by payment; a share of nothing is NaN, printed as a dash. */

/** A payment beside what was known of it when it was made, by counting alone. */
export type Placed = Met & {
  seed: number
  /** How long the engine has been asked about this customer; history that was brought makes nobody older here. */
  knownMs: number
  /** Whether this customer had sent money to this account before. */
  payeePaid: boolean
  /** Of what this customer sent before. NaN of a first payment. */
  usual: number
  /** Whether this customer had been sent after their money before: what such people meet is counted by itself. */
  robbedBefore: boolean
  /** Whether another case's victim was sent to this account within 30 days before. */
  sharedMule: boolean
  week: number
}

export const isHonest = ({ truth }: Pick<Met, 'truth'>): boolean => truth.kind === 'honest'
/**
 * Honest, of somebody whom nobody has robbed here. One customer in three is robbed in this population and hardly one in a thousand
 * in life, so what follows victims around would weigh far too much among the others.
 */
const isOrdinary = (payment: Pick<Placed, 'truth' | 'robbedBefore'>): boolean =>
  isHonest(payment) && !payment.robbedBefore
/** Whether it met a checkpoint, or was stopped at once. */
const isMet = ({ outcome }: Pick<Met, 'outcome'>): boolean => outcome !== 'allow'

const day = (days: number): number => days * dayMs

type Person = { first: number | null; sent: number[]; paid: Set<string>; robbed: boolean }

/**
 * Places every payment of one replay among those before it. `past`: what was brought as history, so that a trivial rule knows as
 * much as the engine did.
 */
export const place = (
  seed: number,
  { met }: Pick<Replayed, 'met'>,
  past: readonly Pick<Moment, 'customer' | 'event'>[] = [],
): Placed[] => {
  const people = new Map<string, Person>()
  const personOf = (id: string): Person => {
    const person = people.get(id) ?? { first: null, sent: [], paid: new Set<string>(), robbed: false }
    people.set(id, person)
    return person
  }
  for (const { customer, event } of past) {
    if (event.amount == null) continue
    personOf(customer).sent.push(event.amount.value)
    personOf(customer).paid.add(event.payee?.account ?? '')
  }
  const lastFraudTo = new Map<string, { at: number; case: string }[]>()
  return met.map((one): Placed => {
    const person = personOf(one.customer)
    person.first ??= one.at
    const earlier = lastFraudTo.get(one.account) ?? []
    const caseId = one.truth.kind === 'honest' ? null : one.truth.case
    const sharedMule =
      caseId !== null && earlier.some((fraud) => fraud.case !== caseId && one.at - fraud.at < day(30))
    const placed = {
      ...one,
      seed,
      knownMs: one.at - person.first,
      payeePaid: person.paid.has(one.account),
      usual: median(person.sent),
      robbedBefore: person.robbed,
      sharedMule,
      week: Math.floor((one.at - goLive) / weekMs),
    }
    if (one.spent) {
      person.sent.push(one.amount)
      person.paid.add(one.account)
    }
    person.robbed ||= caseId !== null
    if (caseId !== null) lastFraudTo.set(one.account, [...earlier, { at: one.at, case: caseId }])
    return placed
  })
}

/** Met of how many. */
export type Share = { met: number; of: number }

const shareOf = (payments: readonly Placed[]): Share => ({
  met: payments.filter(isMet).length,
  of: payments.length,
})

const bands = [
  { name: '< 50', below: 50_00 },
  { name: '50–200', below: 200_00 },
  { name: '200–1,000', below: 1_000_00 },
  { name: '1,000–5,000', below: 5_000_00 },
  { name: '≥ 5,000', below: Number.POSITIVE_INFINITY },
] as const

const bandOf = ({ amount }: Pick<Met, 'amount'>): string =>
  bands.find(({ below }) => amount < below)?.name ?? ''

const isKnownLong = ({ knownMs }: Pick<Placed, 'knownMs'>): boolean => knownMs >= day(90)

/** What honest people meet. */
export type Friction = {
  firstWeek: Share
  weeks: Share[]
  /** Of four weeks each. */
  months: Share[]
  after90Days: Share
  /** After 90 days, by amount. */
  byBand: { name: string; share: Share }[]
  payeeKnown: Share
  payeeNew: Share
  /** Stopped with nothing that the person could have done about it. */
  blocked: Share
  /** After 90 days, of people who were robbed before. */
  robbed: Share
}

export const frictionOf = (payments: readonly Placed[]): Friction => {
  const honest = payments.filter(isOrdinary)
  const long = honest.filter(isKnownLong)
  const robbed = payments.filter((one) => isHonest(one) && one.robbedBefore && isKnownLong(one))
  const weeks = Math.max(0, ...honest.map(({ week }) => week + 1))
  const between = (from: number, to: number) =>
    shareOf(honest.filter(({ week }) => week >= from && week < to))
  return {
    firstWeek: between(0, 1),
    weeks: Array.from({ length: weeks }, (_, week) => between(week, week + 1)),
    months: Array.from({ length: Math.ceil(weeks / 4) }, (_, month) => between(4 * month, 4 * month + 4)),
    after90Days: shareOf(long),
    byBand: bands.map(({ name }) => ({ name, share: shareOf(long.filter((one) => bandOf(one) === name)) })),
    payeeKnown: shareOf(long.filter(({ payeePaid }) => payeePaid)),
    payeeNew: shareOf(long.filter(({ payeePaid }) => !payeePaid)),
    blocked: { met: long.filter(({ outcome }) => outcome === 'block_escalate').length, of: long.length },
    robbed: shareOf(robbed),
  }
}

/** A way to rank payments: the engine's, or a rule that anybody could write. */
type Rule = { name: string; rank: (payment: Placed) => number }

export const rules: readonly Rule[] = [
  { name: 'score', rank: ({ score }) => score },
  { name: 'amount', rank: ({ amount }) => amount },
  {
    name: 'amount ÷ median to somebody new',
    rank: ({ amount, usual, payeePaid }) => (payeePaid ? 0 : Number.isNaN(usual) ? 1 : amount / usual),
  },
]

/** Honest payments and frauds of customers known for 90 days, as a rule ranks them. */
export const rankedBy = (payments: readonly Placed[], { rank }: Rule): Ranked => {
  const long = payments.filter(isKnownLong)
  return {
    honest: long.filter(isOrdinary).map(rank),
    frauds: long.filter((one) => !isHonest(one)).map(rank),
  }
}

export type Ranking = { name: string; auc: number; recall: number; frauds: number }

/** The share of honest payments that a cut may meet. */
export const honestShareAtCut = 0.01

export const rankingsOf = (payments: readonly Placed[]): Ranking[] =>
  rules.map((rule) => {
    const ranked = rankedBy(payments, rule)
    return {
      name: rule.name,
      auc: areaUnderCurve(ranked),
      recall: recallAt(ranked, honestShareAtCut),
      frauds: ranked.frauds.length,
    }
  })

/** What is found of one kind of fraud at the thresholds that ship, over all 26 weeks. */
export type Detection = {
  kind: FraudKind | 'shared_mule'
  payments: Share
  /** Cases of which at least one payment was met. */
  cases: Share
  /** The share of the money that was asked for. */
  money: number
  /** The share of the money that never left. */
  kept: number
}

const detectionOf = (kind: Detection['kind'], payments: readonly Placed[]): Detection => {
  const caseOf = ({ seed, truth }: Placed) => `${seed} ${truth.kind === 'honest' ? '' : truth.case}`
  const cases = Map.groupBy(payments, caseOf)
  const money = (of: readonly Placed[]) => of.reduce((sum, { amount }) => sum + amount, 0)
  return {
    kind,
    payments: shareOf(payments),
    cases: { met: [...cases.values()].filter((acts) => acts.some(isMet)).length, of: cases.size },
    money: money(payments.filter(isMet)) / money(payments),
    kept: money(payments.filter(({ spent }) => !spent)) / money(payments),
  }
}

export const detectionsOf = (payments: readonly Placed[]): Detection[] => {
  const frauds = payments.filter((one) => !isHonest(one))
  return [
    ...fraudKinds.map((kind) =>
      detectionOf(
        kind,
        frauds.filter(({ truth }) => truth.kind === kind),
      ),
    ),
    detectionOf(
      'shared_mule',
      frauds.filter(({ sharedMule }) => sharedMule),
    ),
  ]
}

/**
 * The honest payments that were treated worst: of customers known for 90 days, by the score, and of equal ones the smaller, since
 * a person minds being stopped the more the less it is about.
 */
export const worstTreated = (payments: readonly Placed[], count = 10): Placed[] =>
  payments
    .filter((one) => isOrdinary(one) && isKnownLong(one) && isMet(one))
    .toSorted((a, b) => b.score - a.score || a.amount - b.amount)
    .slice(0, count)
