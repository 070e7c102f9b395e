import { hourMs, minuteMs } from '../calendar.ts'
import { anotherAccount } from '../payees.ts'
import { coachedPayment, inParts, type Scheme, within } from './scheme.ts'

/** The victim pays, and somebody tells them how: at the other end of a line, a shared screen, or a message. */

const older = (age: number): number => (age < 40 ? 0.5 : age < 60 ? 1 : 2)

/** *Support* that sees and steers the victim's computer. */
export const remoteAccess: Scheme = {
  kind: 'remote_access',
  per100: 4,
  suits: ({ kind, age }) => (kind === 'firm' ? 0.5 : older(age)),
  heard: { days: [0.1, 5], never: 0.15 },
  play: (stage) => {
    const { victim, chance, mules, at } = stage
    const payee = mules.accountAt(at, chance)
    const parts = inParts(chance, within(victim, chance.skewed(2_400, 1.1)), chance.whole(1, 3))
    return parts.map((euros, nth) => {
      const scene = { onCall: chance.happens(0.85), remoteControl: true, screenShared: chance.happens(0.3) }
      return coachedPayment(stage, at + nth * chance.whole(8, 50) * minuteMs, payee, euros, scene)
    })
  },
}

/** *The bank*, *the police*: the money has to go to a safe account, now, and the line stays open. */
export const impersonationCall: Scheme = {
  kind: 'impersonation_call',
  per100: 5,
  suits: ({ kind, age }) => (kind === 'firm' ? 0.5 : older(age)),
  heard: { days: [0.1, 4], never: 0.1 },
  play: (stage) => {
    const { victim, chance, mules, at } = stage
    const mule = mules.accountAt(at, chance)
    const isSafeAccount = chance.happens(0.4)
    // Told to type their own name: the check says that it is somebody else's account.
    const payee = isSafeAccount ? { ...mule, name: victim.name } : mule
    const parts = inParts(chance, within(victim, chance.skewed(3_200, 1.3)), chance.pick([1, 1, 2, 3]))
    return parts.map((euros, nth) => {
      const nameMatch = isSafeAccount ? chance.pick(['no_match', 'no_match', 'unknown'] as const) : null
      const scene = { onCall: chance.happens(0.9), ...(nameMatch === null ? {} : { nameMatch }) }
      return coachedPayment(stage, at + nth * chance.whole(5, 40) * minuteMs, payee, euros, scene)
    })
  },
}

/** *Your parcel*, *Mum, I have a new number*, *your boss*: a message is enough, and nothing of it can be seen. */
export const impersonationMessage: Scheme = {
  kind: 'impersonation_message',
  per100: 5,
  suits: ({ age }) => older(age),
  heard: { days: [0.5, 12], never: 0.2 },
  play: (stage) => {
    const { victim, chance, mules, at } = stage
    const sum = within(victim, chance.skewed(900, 1.2))
    const payee = mules.accountAt(at, chance)
    const again = chance.happens(0.3) ? [sum * chance.between(0.5, 1.3)] : []
    return [sum, ...again].map((euros, nth) =>
      coachedPayment(
        stage,
        Math.floor(at + nth * chance.between(0.5, 26) * hourMs),
        payee,
        within(victim, euros),
      ),
    )
  },
}

/** Who was robbed before is called again: somebody has found the money, and there is a fee. */
export const recovery: Scheme = {
  kind: 'recovery',
  per100: 3,
  suits: () => 1,
  heard: { days: [2, 40], never: 0.4 },
  play: (stage) => {
    const { victim, chance, mules, at } = stage
    const onCall = chance.happens(0.4)
    const mule = mules.accountAt(at, chance)
    const payee = chance.happens(0.5) ? anotherAccount(chance, mule.name, mule.country) : mule
    return Array.from({ length: chance.pick([1, 1, 2]) }, (_, nth) =>
      coachedPayment(
        stage,
        Math.floor(at + nth * chance.between(20, 150) * hourMs),
        payee,
        within(victim, chance.skewed(450, 0.9)),
        { onCall },
      ),
    )
  },
}
