import { hourMs, minuteMs } from '../calendar.ts'
import { network, newDevice } from '../customer.ts'
import { type Surroundings, surroundingsOf } from '../event-of.ts'
import { inParts, intrudersAct, intrudersPayment, type Scheme, type Stage, within } from './scheme.ts'

/**
 * Somebody else in the account. Most come with a device of their own, over a private line in the victim's country, as such lines are
 * for rent; some hide plainly; some work through malware on the victim's own device, and then nothing is new but the payee.
 */
const intruders = ({ victim, chance, at, span }: Stage): Surroundings => {
  const own = surroundingsOf(victim, at, chance)
  if (chance.happens(0.15)) return own
  const device = newDevice(chance, chance.happens(0.4) ? 'app' : 'web', span)
  const place = chance.happens(0.65)
    ? victim.place
    : { country: 'NL', city: 'Amsterdam', lat: 52.4, lon: 4.9 }
  return { device, network: network(chance, 'home'), place, anonymizer: chance.happens(0.25) }
}

export const accountTakeover: Scheme = {
  kind: 'account_takeover',
  per100: 6,
  suits: () => 1,
  heard: { days: [0.3, 4], never: 0.1 },
  play: (stage) => {
    const { victim, chance, mules, at } = stage
    const surroundings = intruders(stage)
    const mailboxTaken = chance.happens(0.3)
    const changesMail = chance.happens(0.2)
    const email = `held-elsewhere-${victim.id}@example.net`
    const intrusion = {
      surroundings,
      mailboxTaken,
      ...(changesMail && mailboxTaken
        ? { mailbox: { email, changed_at: at + 5 * minuteMs, previous: victim.email } }
        : {}),
    }
    const payee = mules.accountAt(at, chance)
    const parts = inParts(chance, within(victim, chance.skewed(1_900, 1.1)), chance.whole(1, 3))
    const amounts = chance.happens(0.2) ? [chance.between(1, 30), ...parts] : parts
    return [
      intrudersAct(stage, intrusion, at, 'login', null),
      ...(chance.happens(0.2)
        ? [intrudersAct(stage, intrusion, at + 3 * minuteMs, 'change_password', 'password')]
        : []),
      ...(changesMail ? [intrudersAct(stage, intrusion, at + 5 * minuteMs, 'change_email', email)] : []),
      ...amounts.map((euros, nth) => {
        const then = at + Math.floor(12 * minuteMs + nth * chance.between(0.05, 1.5) * hourMs)
        return intrudersPayment(stage, intrusion, then, payee, euros)
      }),
    ]
  },
}
