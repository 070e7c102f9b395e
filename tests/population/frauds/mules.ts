import { dayMs, isWithin, type Span } from '../calendar.ts'
import type { Chance } from '../chance.ts'
import { type Payee, person } from '../payees.ts'

/**
 * Accounts that stolen money passes through. One is used for some weeks, by whoever rents it, for several victims: more than
 * half of the cases go to an account that is in use already. A good part lies abroad.
 */
export type Mules = {
  /** `lasting`: to be paid for weeks. An account that many pay is soon reported, and its bank closes it; so one is kept apart. */
  accountAt: (at: number, chance: Chance, lasting?: 'lasting') => Payee
}

const sharedShare = 0.55
const lastingSharedShare = 0.2
const abroadShare = 0.35
const countries = ['LT', 'DE', 'PT', 'FR', 'RO']

export const openMules = (): Mules => {
  const opened: (Span & { payee: Payee })[] = []
  return {
    accountAt: (at, chance, lasting) => {
      const inUse = opened.filter((span) => isWithin(span, at))
      const share = lasting === undefined ? sharedShare : lastingSharedShare
      if (inUse.length > 0 && chance.happens(share)) return chance.pick(inUse).payee
      const payee = person(chance, chance.happens(abroadShare) ? chance.pick(countries) : 'ES')
      const days = lasting === undefined ? chance.whole(5, 40) : 0
      opened.push({ payee, from: at, to: at + days * dayMs })
      return payee
    },
  }
}
