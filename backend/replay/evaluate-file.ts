import type { HistoryLine } from '#contract/history'
import { customersOf90Days } from '../measure/friction.ts'
import { type Among, everybody, isHonest, type Placed } from '../measure/payment.ts'
import { placerFrom } from '../measure/place.ts'
import { levelsOf, roughlyIn } from '../risk/amount-levels.ts'
import type { Policy } from '../risk/policy.ts'
import type { LabelledFile } from './labelled-file.ts'
import { bringPast, type Lived, liveThrough, type Moment, metBy, type Past } from './live-through.ts'
import { openPrivateEngine } from './private-engine.ts'

/** What became of a site's own history, as its customers would have met it. */
export type Evaluation = {
  policy_version: string
  /** The first day on which the engine is asked, and the last, epoch milliseconds. */
  from: number
  to: number
  payments: readonly Placed[]
  kinds: readonly string[]
  /** Whose payments are ranked: customers of 90 days, if enough is known to call anybody that. */
  among: Among
  currency: string
  /** The policy's small payment, minor units. */
  small: number
  /** Before `from`: brought as `POST /history` brings it. */
  brought: { learned: number; rejected: number }
  /** Lived through, and no payment. */
  others: { met: number; of: number }
  /** Lived through, and not measured: whether they were honest nobody knows. */
  failed: number
  /** Refused by the engine, by why. */
  refused: ReadonlyMap<string, number>
  /** Lines of people without an address: a mailbox was supposed. */
  withoutMailbox: number
}

type LineMoment = Moment & { heardAs: string | null; line: HistoryLine }

type Wanted = {
  policy: Policy
  hold_hours: 12 | 24 | 72
  /** Lines of before are brought as history; null asks about all. */
  from: number | null
  /** Told of every line that was lived through. */
  onLine: (lived: Lived<LineMoment>) => void
}

/** Replays a file through an engine of its own. Nothing of the site's own store is read or written. */
export const evaluateFile = async (file: LabelledFile, wanted: Wanted): Promise<Evaluation> => {
  const { policy } = wanted
  const from = Math.max(file.from, wanted.from ?? file.from)
  const currency = file.currency ?? 'EUR'
  const engine = await openPrivateEngine({ now: from, policy, hold_hours: wanted.hold_hours })
  try {
    const placer = placerFrom(from)
    const told = (line: HistoryLine) => toldOf(line, currency, policy)
    const brought = await bringPast(
      engine,
      pastOf(file, from, (line) => placer.remember(told(line))),
    )
    const payments: Placed[] = []
    const refused = new Map<string, number>()
    const others = { met: 0, of: 0 }
    let [failed, withoutMailbox] = [0, 0]
    for await (const lived of liveThrough(engine, momentsOf(file, from), file.hearings)) {
      wanted.onLine(lived)
      const { line } = lived.moment
      if (line.event.user.email == null) withoutMailbox += 1
      if (!lived.ok) refused.set(lived.refusal.reason, (refused.get(lived.refusal.reason) ?? 0) + 1)
      else if (line.result === 'failed') failed += 1
      else if (line.event.amount != null) payments.push(placer.place(metBy(lived, told(line))))
      else {
        others.of += 1
        if (lived.session.ending.outcome !== 'allow') others.met += 1
      }
    }
    return {
      policy_version: policy.version,
      from,
      to: file.to,
      payments,
      kinds: [...new Set(payments.flatMap(({ fraud }) => fraud?.kind ?? []))].toSorted(),
      among: amongWhom(payments),
      currency,
      small: levelsOf(currency, policy.limits).small,
      brought,
      others,
      failed,
      refused,
      withoutMailbox,
    }
  } finally {
    await engine.close()
  }
}

const happenedAt = ({ event }: HistoryLine): number => Date.parse(event.occurred_at)

/**
 * What was done before, as it was known by then: a fraud of which the site heard later, or never, counts as completed. What went out
 * is told to `remember` if it was a payment.
 */
function* pastOf(file: LabelledFile, from: number, remember: (line: HistoryLine) => void): Generator<Past> {
  for (const line of file.inOrder()) {
    const at = happenedAt(line)
    if (at >= from) return
    const { key, event } = line
    if (line.result !== 'failed' && event.amount != null) remember(line)
    if (line.result !== 'reported_scam') yield { at, key, event, result: line.result }
    else if (line.at === undefined || Date.parse(line.at) >= from)
      yield { at, key, event, result: 'completed' }
    else yield { at, key, event, result: line.result, known: line.at }
  }
}

/** Stands for the address of somebody whose address the file does not say: a code must be able to go somewhere. */
const supposedMailbox = 'customer@replay.example'

function* momentsOf(file: LabelledFile, from: number): Generator<LineMoment> {
  for (const line of file.inOrder()) {
    const at = happenedAt(line)
    if (at < from) continue
    const { key, event, result } = line
    const isFraud = result === 'reported_scam'
    yield {
      at,
      key,
      event: { ...event, user: { ...event.user, email: event.user.email ?? supposedMailbox } },
      conduct: isFraud ? 'coached' : 'self',
      fraud: isFraud ? { kind: kindOf(line), case: `${event.user.id} ${kindOf(line)}` } : null,
      isCarriedOut: result !== 'failed',
      heardAs: isFraud ? key : null,
      line,
    }
  }
}

/** What the site calls this kind of fraud: `metadata.kind`. */
const kindOf = ({ event }: HistoryLine): string => {
  const kind = event.metadata?.['kind']
  return typeof kind === 'string' && kind !== '' ? kind : 'fraud'
}

/** An explained payment is found again by the site's own key. */
const toldOf = ({ event, key }: HistoryLine, currency: string, { limits }: Policy) => ({
  customer: event.user.id,
  account: event.payee?.account ?? event.payee?.id ?? event.payee?.name ?? '',
  amount: event.amount == null ? 0 : roughlyIn(currency, event.amount, limits),
  purpose: key,
})

const amongWhom = (payments: readonly Placed[]): Among => {
  const long = payments.filter(customersOf90Days.includes)
  return long.some(isHonest) && long.some((one) => !isHonest(one)) ? customersOf90Days : everybody
}
