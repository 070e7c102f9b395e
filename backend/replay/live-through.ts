import { createHash } from 'node:crypto'
import type { IngestEvent } from '#contract/event'
import type { HistoryLine } from '#contract/history'
import { expireDue, type IngestRefusal, ingest, redeem, reportResult, teachHistory } from '../checkpoint.ts'
import type { RawLine } from '../intake/lines.ts'
import { normaliseEvent } from '../intake/normalise-event.ts'
import type { Met } from '../measure/payment.ts'
import type { Session } from '../session/document.ts'
import { answerCheckpoint, type Conduct } from './answer-checkpoint.ts'
import type { PrivateEngine } from './private-engine.ts'

/** One thing that the engine is asked about, and what only the replay knows of it. */
export type Moment = {
  /** Epoch milliseconds. */
  at: number
  /** The site's own name for it. */
  key: string
  event: IngestEvent
  conduct: Conduct
  fraud: Met['fraud']
  /** Whether the site carries out what is allowed; what failed in life fails here. */
  isCarriedOut: boolean
}

/** The site hears that what it sent under this name was a fraud: see `heardAs`. */
export type Hearing = { at: number; heardAs: string }

/** One moment as it was lived through: the score, the outcome and the reasons of the ingest, and how the session ended. */
export type Lived<Of extends Moment> =
  | { ok: true; moment: Of; session: Session; spent: boolean }
  | { ok: false; moment: Of; refusal: IngestRefusal | { reason: 'busy' | 'repeated' } }

/**
 * Lives through moments in the order of time, as a site would: each is asked about; what is allowed is spent, what meets a
 * checkpoint is answered there, and what is stopped is not sent and not tried again. When the site hears of a fraud, it reports what
 * it had sent, by a key that may label. `hearings` in the order of time.
 */
export async function* liveThrough<Of extends Moment & { heardAs: string | null }>(
  engine: PrivateEngine,
  moments: Iterable<Of>,
  hearings: readonly Hearing[],
): AsyncGenerator<Lived<Of>> {
  const sentAs = new Map<string, string[]>()
  let heard = 0
  for (const moment of moments) {
    for (; heard < hearings.length; heard += 1) {
      const hearing = hearings[heard]
      if (hearing === undefined || hearing.at > moment.at) break
      goOnTo(engine, hearing.at)
      await hear(engine, sentAs.get(hearing.heardAs) ?? [])
      sentAs.delete(hearing.heardAs)
    }
    const lived = await act(engine, moment)
    if (lived.ok && lived.spent && moment.heardAs !== null)
      sentAs.set(moment.heardAs, [...(sentAs.get(moment.heardAs) ?? []), lived.session.request.event_id])
    yield lived
  }
}

/** The clock never goes back, though two people may act at once. */
const goOnTo = ({ deps, advance }: PrivateEngine, at: number): void => advance(Math.max(0, at - deps.clock()))

const hear = async ({ deps, caller, relay }: PrivateEngine, events: readonly string[]): Promise<void> => {
  for (const event of events) {
    const reported = await reportResult(
      deps,
      { caller, mayLabel: true, retracts: 'own' },
      event,
      'reported_scam',
    )
    if (!reported.ok) throw new Error(`${event} could not be reported: ${reported.reason}`)
  }
  await relay()
}

/** Asks, answers, spends. */
const act = async <Of extends Moment>(engine: PrivateEngine, moment: Of): Promise<Lived<Of>> => {
  const { deps, caller } = engine
  goOnTo(engine, moment.at)
  await expireDue(deps)
  const asked = await ingest(deps, caller, {
    payload: {
      said: moment.event,
      test: null,
      normalise: (options) => normaliseEvent(moment.event, options),
    },
    body_sha256: createHash('sha256').update(JSON.stringify(moment.event)).digest('hex'),
    idempotency_key: moment.key,
  })
  if (!asked.ok) return { ok: false, moment, refusal: asked }
  if (asked.replayed) return { ok: false, moment, refusal: { reason: 'repeated' } }
  const answered = await answerCheckpoint(engine, asked.session, moment.conduct)
  const isAllowed = answered.ending.outcome === 'allow'
  const spent = isAllowed && moment.isCarriedOut && (await spend(engine, moment, answered))
  await engine.relay()
  const ending = { ...asked.session.ending, resolution: answered.ending.resolution }
  return { ok: true, moment, session: { ...asked.session, ending }, spent }
}

const spend = async (
  { deps, caller }: PrivateEngine,
  { event }: Moment,
  session: Session,
): Promise<boolean> => {
  const { added_at: _, ...payee } = event.payee ?? {}
  const expected = {
    action: event.action,
    user_id: event.user.id,
    ...(event.amount == null ? {} : { amount: event.amount.value, currency: event.amount.currency }),
    ...(event.payee == null ? {} : { payee }),
    ...(event.target == null ? {} : { target: event.target }),
  }
  const redeemed = await redeem(deps, caller, { session_id: session._id, expected })
  if (!redeemed.ok) throw new Error(`${session._id} could not be spent: ${redeemed.reason}`)
  if (redeemed.answer.code === 'action_mismatch')
    throw new Error(`${session._id} was judged as another action`)
  return redeemed.answer.valid
}

/** What was done before, and what was known of it by then. */
export type Past = Pick<Moment, 'at' | 'key' | 'event'> & Pick<HistoryLine, 'result'> & { known?: string }

const linesABatch = 500

async function* pastLines(past: Iterable<Past>): AsyncGenerator<RawLine[]> {
  let batch: RawLine[] = []
  let line = 0
  for (const { at, key, event, result, known } of past) {
    const { test: _, return_url: __, ...facts } = event
    const occurred = { ...facts, occurred_at: new Date(at).toISOString() }
    const said = JSON.stringify({ key, event: occurred, result, at: known })
    line += 1
    batch.push({ line, bytes: Buffer.from(said), end: 0, isCutOff: false })
    if (batch.length < linesABatch) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

/** Brings what was done before as `POST /history` does. */
export const bringPast = async (
  { deps, caller }: PrivateEngine,
  past: Iterable<Past>,
): Promise<{ learned: number; rejected: number }> => {
  let [learned, rejected] = [0, 0]
  const teacher = { caller, by: 'key', mayLabel: true, import_id: 'replay', dry_run: false } as const
  const answered = await teachHistory(deps, teacher, pastLines(past), (batch) => {
    learned += batch.learned
    rejected += batch.rejected.length
  })
  if (!answered.ok) throw new Error(`history: ${answered.reason}`)
  return { learned, rejected }
}

/** A payment as the measures count it. `amount`: minor units of the one currency that is measured in. */
export const metBy = (
  { moment, session, spent }: Extract<Lived<Moment>, { ok: true }>,
  told: Pick<Met, 'customer' | 'account' | 'amount' | 'purpose'>,
): Met => {
  const { tier, score, reasons } = session.evaluation.assessment
  const { outcome, resolution } = session.ending
  return {
    ...told,
    at: moment.at,
    fraud: moment.fraud,
    outcome,
    tier,
    score,
    reasons: outcome === 'allow' ? [] : reasons,
    spent,
    resolution,
  }
}
