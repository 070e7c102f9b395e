import { dayMs, isWithin, type Span } from '../calendar.ts'
import type { Chance } from '../chance.ts'
import { type Payee, person } from '../payees.ts'

/**
 * Accounts that stolen money passes through. One is used for some weeks, by whoever rents it, for several victims: more than
 * half of the cases go to an account that is in use already. A good part lies abroad.
 */
export type Mules = { accountAt: (at: number, chance: Chance) => Payee }

const sharedShare = 0.55
const abroadShare = 0.35
const countries = ['LT', 'DE', 'PT', 'FR', 'RO']

export const openMules = (): Mules => {
  const opened: (Span & { payee: Payee })[] = []
  return {
    accountAt: (at, chance) => {
      const inUse = opened.filter((span) => isWithin(span, at))
      if (inUse.length > 0 && chance.happens(sharedShare)) return chance.pick(inUse).payee
      const payee = person(chance, chance.happens(abroadShare) ? chance.pick(countries) : 'ES')
      opened.push({ payee, from: at, to: at + chance.whole(5, 40) * dayMs })
      return payee
    },
  }
}
