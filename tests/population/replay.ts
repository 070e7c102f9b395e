import type { IngestEvent } from '#contract/event'
import type { Met, Placed } from '../../backend/measure/payment.ts'
import { placerFrom } from '../../backend/measure/place.ts'
import {
  bringPast,
  liveThrough,
  metBy,
  type Moment as ReplayedMomentOf,
} from '../../backend/replay/live-through.ts'
import { openPrivateEngine } from '../../backend/replay/private-engine.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { goLive } from './calendar.ts'
import type { Moment, Population } from './population.ts'
import type { Stranger, StrangerMoment } from './strangers/stranger.ts'

/** `year`: what the customers did in the year before is brought by `POST /history`. */
export const histories = ['none', 'year'] as const
export type History = (typeof histories)[number]

export type Replayed = { met: readonly Met[]; learned: number; rejected: number; seconds: number }

type ReplayedMoment = ReplayedMomentOf & { heardAs: string | null }
type Told = Pick<Met, 'customer' | 'account' | 'amount' | 'purpose'>

/** What is replayed, whoever made it. */
type Replayable = {
  /** When the engine is first asked, epoch milliseconds. */
  start: number
  past: readonly { at: number; event: IngestEvent }[]
  live: readonly (ReplayedMoment & { told: Told })[]
  hearings: readonly { at: number; case: string }[]
}

/** Replays a population through the engine that a site's own history is replayed through. */
export const replay = (population: Population, history: History): Promise<Replayed> =>
  replayAll(
    {
      start: goLive,
      past: population.past,
      live: population.live.map((moment, nth) => momentOf(population.seed, moment, nth)),
      hearings: population.hearings,
    },
    history,
  )

/** Replays a population of other assumptions. */
export const replayStranger = (stranger: Stranger, history: History): Promise<Replayed> =>
  replayAll({ ...stranger, live: stranger.live.map(strangersMoment) }, history)

const replayAll = async (of: Replayable, history: History): Promise<Replayed> => {
  const started = performance.now()
  const engine = await openPrivateEngine({ now: of.start, policy: defaultPolicy })
  try {
    const taught =
      history === 'none'
        ? { learned: 0, rejected: 0 }
        : await bringPast(
            engine,
            of.past.map(({ at, event }, nth) => ({
              at,
              event,
              key: `past-${nth}`,
              result: 'completed' as const,
            })),
          )
    const met: Met[] = []
    const hearings = of.hearings.map(({ at, case: heardAs }) => ({ at, heardAs }))
    for await (const lived of liveThrough(engine, of.live, hearings)) {
      // A refusal is a fault of the population or of the engine.
      if (!lived.ok) throw new Error(`the engine refused: ${JSON.stringify(lived.refusal)}`)
      if (lived.moment.event.amount != null) met.push(metBy(lived, lived.moment.told))
    }
    return { met, ...taught, seconds: (performance.now() - started) / 1000 }
  } finally {
    await engine.close()
  }
}

/** An event as its measures name it. */
const toldOf = ({ customer, event, truth }: Pick<Moment, 'customer' | 'event' | 'truth'>) => ({
  customer,
  account: event.payee?.account ?? '',
  amount: event.amount?.value ?? 0,
  purpose: truth.kind === 'honest' ? truth.purpose : '',
})

const momentOf = (seed: number, { at, event, conduct, truth, customer }: Moment, nth: number) => ({
  at,
  key: `event-${nth}`,
  event,
  conduct,
  isCarriedOut: true,
  fraud: truth.kind === 'honest' ? null : { kind: truth.kind, case: `${seed} ${truth.case}` },
  heardAs: truth.kind === 'honest' ? null : truth.case,
  told: toldOf({ customer, event, truth }),
})

const strangersMoment = ({ at, event, conduct, fraud, customer, purpose }: StrangerMoment, nth: number) => ({
  at,
  key: `event-${nth}`,
  event: { ...event, user: { ...event.user, email: event.user.email ?? supposedMailbox } },
  conduct,
  isCarriedOut: true,
  fraud,
  heardAs: fraud?.case ?? null,
  told: toldOfStranger({ customer, event, purpose }),
})

/** Where a simulator knows no mailbox: a code must be able to go somewhere. */
const supposedMailbox = 'customer@replay.example'

const toldOfStranger = ({
  customer,
  event,
  purpose,
}: Pick<StrangerMoment, 'customer' | 'event' | 'purpose'>): Told => ({
  customer,
  account: event.payee?.account ?? event.payee?.id ?? '',
  amount: event.amount?.value ?? 0,
  purpose,
})

/** Places what a replay of a stranger met. */
export const placedOfStranger = (
  { met }: Pick<Replayed, 'met'>,
  { start, past }: Stranger,
  history: History,
): Placed[] => {
  const placer = placerFrom(start)
  if (history === 'year') for (const moment of past) placer.remember(toldOfStranger(moment))
  return met.map(placer.place)
}

/** Places what a replay met; `past`: what was brought. */
export const placedOf = (
  { met }: Pick<Replayed, 'met'>,
  past: readonly Pick<Moment, 'customer' | 'event' | 'truth'>[] = [],
): Placed[] => {
  const placer = placerFrom(goLive)
  for (const moment of past) if (moment.event.amount != null) placer.remember(toldOf(moment))
  return met.map(placer.place)
}
