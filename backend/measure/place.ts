import { dayMs } from '#contract/durations'
import type { Met, Placed } from './payment.ts'
import { countUpTo, middleOf } from './ranking.ts'

/** `sent` ascends. */
type Person = { first: number | null; sent: number[]; paid: Set<string>; robbed: boolean }

export type Placer = {
  /** A payment of before: a trivial rule then knows as much as the engine did. */
  remember: (past: Pick<Met, 'customer' | 'account' | 'amount'>) => void
  /** The next payment in the order of time. */
  place: (met: Met) => Placed
}

const sharedWithinMs = 30 * dayMs

/** Places payments among those before them, one after the other. `start`: when the first week begins, epoch milliseconds. */
export const placerFrom = (start: number): Placer => {
  const people = new Map<string, Person>()
  const lastFraudTo = new Map<string, { at: number; case: string }[]>()
  const personOf = (id: string): Person => {
    const person = people.get(id) ?? { first: null, sent: [], paid: new Set<string>(), robbed: false }
    people.set(id, person)
    return person
  }
  const pay = ({ sent, paid }: Person, { account, amount }: Pick<Met, 'account' | 'amount'>): void => {
    sent.splice(countUpTo(sent, amount), 0, amount)
    paid.add(account)
  }
  return {
    remember: (past) => pay(personOf(past.customer), past),
    place: (met) => {
      const person = personOf(met.customer)
      person.first ??= met.at
      const earlier = lastFraudTo.get(met.account) ?? []
      const { fraud } = met
      const sharedMule =
        fraud !== null && earlier.some((one) => one.case !== fraud.case && met.at - one.at < sharedWithinMs)
      const placed = {
        ...met,
        knownMs: met.at - person.first,
        payeePaid: person.paid.has(met.account),
        usual: middleOf(person.sent),
        robbedBefore: person.robbed,
        sharedMule,
        week: Math.floor((met.at - start) / (7 * dayMs)),
      }
      if (met.spent) pay(person, met)
      if (fraud === null) return placed
      person.robbed = true
      lastFraudTo.set(met.account, [...earlier, { at: met.at, case: fraud.case }])
      return placed
    },
  }
}
