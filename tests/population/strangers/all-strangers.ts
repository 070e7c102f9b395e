import { cardsOf } from './cards.ts'
import { economies } from './economy.ts'
import { mobileMoneyOf, mobileMoneyShapes } from './mobile-money.ts'
import { otherBankOf } from './other-bank.ts'
import type { Stranger } from './stranger.ts'

/** Every population of other assumptions, of a seed. */
export const strangers: readonly ((seed: number) => Stranger)[] = [
  ...mobileMoneyShapes.map((shape) => (seed: number) => mobileMoneyOf(seed, shape)),
  cardsOf,
  ...Object.values(economies).map((economy) => (seed: number) => otherBankOf(seed, economy)),
]
