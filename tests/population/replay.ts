import type { Reason } from '#contract/outcome'
import { expireDue, ingest, redeem, reportResult, teachHistory } from '../../backend/checkpoint.ts'
import { generic } from '../../backend/intake/connectors/generic.ts'
import type { Caller } from '../../backend/org/caller.ts'
import { createSecrets } from '../../backend/secrets.ts'
import type { Session } from '../../backend/session/document.ts'
import { openOrganisation, openWorld, type World } from '../support/world.ts'
import { answerCheckpoint } from './answer-checkpoint.ts'
import { goLive } from './calendar.ts'
import type { Moment, Population, Truth } from './population.ts'

/** What became of one payment: all that the measures need to know. */
export type Met = {
  at: number
  customer: string
  account: string
  /** Euro cents. */
  amount: number
  truth: Truth
  outcome: Session['ending']['outcome']
  tier: string
  score: number
  reasons: readonly Reason[]
  /** Whether the bank was told to carry it out, and did. */
  spent: boolean
  /** How the session ended. */
  resolution: Session['ending']['resolution']
}

/** `year`: what the customers did in the year before is brought by `POST /history`. */
export const histories = ['none', 'year'] as const
export type History = (typeof histories)[number]

export type Replayed = { met: readonly Met[]; learned: number; rejected: number; seconds: number }

/** What the engine said, where it can't refuse: a refusal is a fault of the population or of this file. */
const taken = <Answer extends { ok: true } | { ok: false; reason: string }>(
  answer: Answer,
): Extract<Answer, { ok: true }> => {
  if (isTaken(answer)) return answer
  throw new Error(`the engine refused: ${JSON.stringify(answer)}`)
}

const isTaken = <Answer extends { ok: boolean }>(answer: Answer): answer is Extract<Answer, { ok: true }> =>
  answer.ok

type Bank = { world: World; caller: Caller }

/** Keys that stay the same, so that nothing that is derived from them differs from run to run. */
const fixedRing = (kid: string) => [{ kid, key: Buffer.alloc(32, kid) }]

const openBank = async (): Promise<Bank> => {
  const secrets = createSecrets(fixedRing('population'), fixedRing('pepper'))
  const clock = { now: goLive }
  const world = await openWorld({ secrets, clock, env: { LOG_LEVEL: 'error' } })
  const { id } = await openOrganisation(world, { _id: 'org_population' })
  const org = await world.deps.collections.organisations.get(id, id)
  if (org === null) throw new Error('the organisation was not made')
  return { world, caller: { org, environment: 'live', key_id: 'key_population' } }
}

/**
 * Replays a population through the engine in the order of time, as a bank would live with it: each payment is asked about; what
 * is allowed is spent, what meets a checkpoint is answered there, and what is stopped is not sent and not tried again. When the bank
 * hears of a fraud, it reports what it had sent. The engine is the whole one, on its embedded store in memory; only HTTP is left
 * out.
 */
export const replay = async (population: Population, history: History): Promise<Replayed> => {
  const started = performance.now()
  const bank = await openBank()
  try {
    const taught = history === 'none' ? { learned: 0, rejected: 0 } : await bringHistory(bank, population)
    const met = await liveThrough(bank, population)
    return { met, ...taught, seconds: (performance.now() - started) / 1000 }
  } finally {
    await bank.world.close()
  }
}

const linesACall = 500

const bringHistory = async ({ world, caller }: Bank, { past }: Population) => {
  let [learned, rejected] = [0, 0]
  for (let from = 0; from < past.length; from += linesACall) {
    const lines = past.slice(from, from + linesACall).map(({ at, event }, nth) => {
      const { test: _, return_url: __, ...facts } = event
      const occurred_at = new Date(at).toISOString()
      const said = {
        key: `past-${from + nth}`,
        event: { ...facts, occurred_at },
        result: 'completed',
      } as const
      return { line: from + nth + 1, said }
    })
    const { taught } = taken(await teachHistory(world.deps, caller, lines))
    learned += taught.learned
    rejected += taught.rejected.length
  }
  return { learned, rejected }
}

const liveThrough = async (bank: Bank, { live, hearings }: Population): Promise<Met[]> => {
  const met: Met[] = []
  const sentOf = new Map<string, string[]>()
  const unheard = [...hearings]
  for (const [nth, moment] of live.entries()) {
    const due = unheard.findIndex(({ at }) => at > moment.at)
    for (const { at, case: id } of unheard.splice(0, due === -1 ? unheard.length : due)) {
      goOnTo(bank, at)
      await hear(bank, sentOf.get(id) ?? [])
    }
    const { session, spent } = await act(bank, moment, nth)
    const { truth, event } = moment
    if (spent && truth.kind !== 'honest')
      sentOf.set(truth.case, [...(sentOf.get(truth.case) ?? []), session.request.event_id])
    if (event.amount != null) met.push(metBy(moment, session, spent))
  }
  return met
}

/** The bank reports each payment of the case that it sent, with a key that may label. */
const hear = async ({ world, caller }: Bank, events: readonly string[]): Promise<void> => {
  for (const event of events)
    taken(await reportResult(world.deps, { caller, mayLabel: true }, event, 'reported_scam'))
  await world.relay()
}

type Acted = { session: Session; spent: boolean }

/** The clock never goes back, though two people may act at once. */
const goOnTo = ({ world }: Bank, at: number): void => world.advance(Math.max(0, at - world.deps.clock()))

/** Asks, answers, spends. */
const act = async (bank: Bank, moment: Moment, nth: number): Promise<Acted> => {
  const { world, caller } = bank
  goOnTo(bank, moment.at)
  await expireDue(world.deps)
  const payload = generic.payload.parse(moment.event)
  const name = `event-${nth}`
  const asked = taken(await ingest(world.deps, caller, { payload, body_sha256: name, idempotency_key: name }))
  const session = await answerCheckpoint(world, asked.session, moment.conduct)
  const spent = session.ending.outcome === 'allow' && (await spend(bank, moment, session))
  await world.relay()
  // The score, the outcome and the reasons of the ingest: what was answered is another matter.
  return {
    session: { ...asked.session, ending: { ...asked.session.ending, resolution: session.ending.resolution } },
    spent,
  }
}

const spend = async ({ world, caller }: Bank, { event }: Moment, session: Session): Promise<boolean> => {
  const { added_at: _, ...payee } = event.payee ?? {}
  const expected = {
    action: event.action,
    user_id: event.user.id,
    ...(event.amount == null ? {} : { amount: event.amount.value, currency: event.amount.currency }),
    ...(event.payee == null ? {} : { payee }),
    ...(event.target == null ? {} : { target: event.target }),
  }
  const { answer } = taken(await redeem(world.deps, caller, { session_id: session._id, expected }))
  if (answer.code === 'action_mismatch') throw new Error(`${session._id} was judged as another action`)
  return answer.valid
}

const metBy = ({ at, customer, event, truth }: Moment, session: Session, spent: boolean): Met => ({
  at,
  customer,
  account: event.payee?.account ?? '',
  amount: event.amount?.value ?? 0,
  truth,
  outcome: session.ending.outcome,
  tier: session.evaluation.assessment.tier,
  score: session.evaluation.assessment.score,
  reasons: session.evaluation.assessment.reasons,
  spent,
  resolution: session.ending.resolution,
})
