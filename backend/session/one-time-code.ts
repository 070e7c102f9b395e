import * as z from 'zod/mini'
import { secondMs } from '#contract/durations'
import type { BreakCause } from '#contract/outcome'
import { codeDelivery } from '#contract/steps/code'
import type { Submit } from '#contract/submit'
import { bySystem } from '../audit/actors.ts'
import type { EntryDraft } from '../audit/entry.ts'
import type { Bucket } from './counter.ts'
import type { Effect, Session, SessionStep } from './document.ts'
import { byPerson, type CodeBinding, type MoveContext } from './move.ts'
import type { MessageFacts, StepLife, StepMessage, StepResult, StepStart } from './step-definition.ts'

/**
 * A code that is sent to the person and typed back. It shows that somebody who reads what was sent answered within five
 * minutes; it is no second factor, and it does not stop a caller who has it read aloud.
 *
 * A wrong code is a transition: it is written before it is answered, so no number of parallel guesses is judged more often
 * than the limit says. Sending again never gives tries back.
 */
export const codeLifetimeSeconds = 300
const codeTries = 5
const codeSends = 3
const resendAfterSeconds = 30
/** A message that is not out by then can't be answered in time any more. */
const deliveryMarginSeconds = 60
/** A code that arrives late may still be typed this long after the idle time would have ended the session. */
const graceSeconds = 60

export const codeState = z.strictObject({
  /** Send counter: each send derives another code, and only the newest counts. */
  generation: z.int(),
  digits: z.int(),
  sent_at: z.int(),
  expires_at: z.int(),
  /** Wrong codes so far, all generations together. */
  tries: z.int(),
  sends: z.int(),
  delivery: codeDelivery,
})
type CodeState = z.infer<typeof codeState>

/** A step of a session that keeps such a code. */
type CodeStep = Extract<SessionStep, { state: CodeState | null }>

/** How one kind of code reaches the person. */
export type CodeChannel = {
  /** Where it may go; null: nowhere. */
  addressIn: (session: Session) => string | null
  /** What the code is derived from beside its session. No two steps of a session may share it. */
  boundTo: (session: Session) => string
  guessLimits: (session: Pick<Session, 'event'>) => Bucket[]
  /** Null: nobody can be reached. */
  messageLimit: (session: Pick<Session, 'event'>) => Bucket | null
  message: (address: string, code: string, session: Session, facts: MessageFacts) => StepMessage
}

/** The life of a step that asks for a code, but for what its screen shows. */
export const codeLife = (own: CodeStep, channel: CodeChannel): Omit<StepLife, 'view'> => ({
  start: (session, context) => start(own, channel, session, context),

  submit: (submit, session, context) => {
    const { state } = own
    if (state === null) return { kind: 'refused', error: 'out_of_sequence' }
    if (submit.action === 'resend') return resend(own, state, session, context)
    if (submit.action === 'respond')
      return respond({ own, state, boundTo: channel.boundTo(session) }, submit.code, session, context)
    return { kind: 'refused', error: 'out_of_sequence' }
  },

  answerableUntil: own.state && own.state.expires_at + graceSeconds * secondMs,
  expiry: own.state?.delivery === 'sent' ? 'expired' : 'delivery_failed',

  guessing: {
    isGuess: (submit, _session, now) => isGuess(own.state, submit, now),
    limits: channel.guessLimits,
    failed: own.state?.tries ?? null,
  },

  messaging: {
    limit: channel.messageLimit,
    awaits: (generation) => own.state?.generation === generation,
    deliver: (session, facts) => {
      const { state } = own
      const address = channel.addressIn(session)
      if (state === null || address === null) return { kind: 'stale' }
      if (facts.now >= state.expires_at - deliveryMarginSeconds * secondMs) return { kind: 'late' }
      const code = facts.codeOf(bindingOf(session, state, channel.boundTo(session)))
      return { kind: 'message', message: channel.message(address, code, session, facts) }
    },
    delivered: (delivery) => {
      const { state } = own
      if (state === null || state.delivery === delivery) return null
      const { generation } = state
      return delivery === 'failed'
        ? { step: own, entries: [bySystem('code.delivery_failed', { generation })] }
        : {
            step: { ...own, state: { ...state, delivery } },
            entries: [bySystem(`code.${delivery}`, { generation })],
          }
    },
    line: own.state && {
      step: own.type,
      sends: own.state.sends,
      tries: own.state.tries,
      sent_at: own.state.sent_at,
      expires_at: own.state.expires_at,
      delivery: own.state.delivery,
    },
  },
})

/** What its screen shows of the code. */
export const codeScreenOf = ({ state }: CodeStep, now: number) => ({
  digits: state?.digits ?? 6,
  tries_left: codeTries - (state?.tries ?? 0),
  resends_left: Math.max(0, codeSends - (state?.sends ?? 0)),
  resend_at: (state?.sent_at ?? now) + resendAfterSeconds * secondMs,
  expires_at: state?.expires_at ?? now,
  delivery: state?.delivery ?? 'sending',
})

const bindingOf = (session: Session, state: CodeState, boundTo: string): CodeBinding => ({
  session,
  bound_to: boundTo,
  generation: state.generation,
  digits: state.digits,
})

const start = (own: CodeStep, channel: CodeChannel, session: Session, context: MoveContext): StepStart => {
  if (channel.addressIn(session) === null) {
    return impossible('delivery_failed', 'contact_missing', 'no address that may confirm')
  }
  if (!context.hasTries) return impossible('code_failed', null, 'too many wrong codes in one day')
  if (!context.maySend) return impossible('delivery_failed', null, 'too many messages to this mailbox')
  const state: CodeState = {
    ...sentNow(context.now, 1, 1),
    // A code that a test key fixed has six.
    digits: session.evaluation.test?.code == null && context.isAlarmed ? 8 : 6,
    tries: session.checkpoint.prior_failed_attempts,
  }
  return { kind: 'started', step: { ...own, state }, ...requested(own, state) }
}

/** Sign by sign as typed: spaces and dashes are how people group digits. */
const digitsOf = (answer: string): string => answer.replace(/[\s-]/gu, '').normalize('NFKC')

const isCodeOf = (state: CodeState, answer: string): boolean =>
  new RegExp(`^[0-9]{${state.digits}}$`).test(digitsOf(answer))

const isGuess = (state: CodeState | null, submit: Submit, now: number): boolean =>
  submit.action === 'respond' && state !== null && isCodeOf(state, submit.code) && now < state.expires_at

const respond = (
  { own, state, boundTo }: { own: CodeStep; state: CodeState; boundTo: string },
  answer: string,
  session: Session,
  context: MoveContext,
): StepResult => {
  if (!isCodeOf(state, answer)) return { kind: 'refused', error: 'malformed_code' }
  if (context.now >= state.expires_at) return { kind: 'refused', error: 'code_expired' }
  if (!context.mayJudge) return failed(own, state, [limitReached(session, 'limit_across_sessions')])

  const { generation, tries } = state
  if (context.codeMatches(bindingOf(session, state, boundTo), digitsOf(answer))) {
    const entries = [byPerson(session, 'code.accepted', { generation, tries })]
    return { kind: 'done', step: { ...own, outcome: 'verified' }, patch: {}, entries }
  }
  const counted: CodeState = { ...state, tries: tries + 1 }
  const triesLeft = codeTries - counted.tries
  const entries = [byPerson(session, 'code.rejected', { generation, tries_left: triesLeft })]
  return triesLeft <= 0
    ? failed(own, counted, [...entries, limitReached(session, 'limit_of_this_session')])
    : {
        kind: 'stay',
        step: { ...own, state: counted },
        patch: {},
        entries,
        effects: [],
        error: 'wrong_code',
      }
}

const limitReached = (session: Session, limit: string): EntryDraft =>
  byPerson(session, 'code.limit_reached', { limit })

const failed = (own: CodeStep, state: CodeState, entries: EntryDraft[]): StepResult => ({
  kind: 'end',
  step: { ...own, state, outcome: 'failed_unverified' },
  resolution: 'code_failed',
  cause: null,
  hold: null,
  patch: {},
  entries,
})

const resend = (own: CodeStep, state: CodeState, session: Session, context: MoveContext): StepResult => {
  // Without a try left nobody could type the next one, and its message would take no slot.
  const hasNone = state.sends >= codeSends || !context.maySend || !context.hasTries
  if (hasNone) return { kind: 'refused', error: 'no_resends_left' }
  if (context.now < state.sent_at + resendAfterSeconds * secondMs)
    return { kind: 'refused', error: 'resend_too_soon' }
  const next: CodeState = { ...state, ...sentNow(context.now, state.generation + 1, state.sends + 1) }
  const { entries, effects } = requested(own, next)
  return {
    kind: 'stay',
    step: { ...own, state: next },
    patch: {},
    entries: [byPerson(session, 'code.resend_requested'), ...entries],
    effects,
    error: null,
  }
}

const sentNow = (now: number, generation: number, sends: number) => ({
  generation,
  sends,
  sent_at: now,
  expires_at: now + codeLifetimeSeconds * secondMs,
  delivery: 'sending' as const,
})

const requested = (
  { type }: CodeStep,
  { generation, sends, expires_at }: CodeState,
): { entries: EntryDraft[]; effects: Effect[] } => ({
  entries: [bySystem('code.issued', { generation, sends, expires_at })],
  effects: [{ kind: 'step_message', step: type, generation }],
})

const impossible = (
  resolution: 'delivery_failed' | 'code_failed',
  cause: BreakCause | null,
  why: string,
): StepStart => ({ kind: 'impossible', resolution, cause, entries: [bySystem('code.not_issued', { why })] })
