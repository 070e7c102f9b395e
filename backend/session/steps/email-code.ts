import { secondMs } from '#contract/durations'
import type { Submit } from '#contract/step'
import { bySystem } from '../../audit/actors.ts'
import type { CodeState, Effect, Session } from '../document.ts'
import { mailboxFor, maskMailbox } from '../mailbox.ts'
import { byPerson, type MoveContext, type StepDefinition, type StepResult, type StepStart } from '../move.ts'

/**
 * Mailbox confirmation: a code to the address on file. It shows that somebody who reads that mailbox answered within five
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
export const deliveryMarginSeconds = 60

export const emailCode: StepDefinition = {
  accepts: ['respond', 'resend'],

  start: (session, context) => {
    if (mailboxFor(session.event, session.created_at) === null) {
      return impossible('delivery_failed', 'contact_missing', 'no address that may confirm')
    }
    if (!context.mayJudgeCode) return impossible('code_failed', null, 'too many wrong codes in one day')
    if (!context.maySendCode) {
      return impossible('delivery_failed', null, 'too many messages to this mailbox')
    }
    const code: CodeState = {
      ...sentNow(context.now, 1, 1),
      // A code that a test key fixed has six.
      digits: session.test?.code == null ? context.codeDigits : 6,
      tries: session.prior_failed_attempts,
    }
    return { kind: 'started', patch: { code }, ...requested(code) }
  },

  submit: (session, submit, context) => {
    const { code } = session
    if (code === null) return { kind: 'refused', error: 'out_of_sequence' }
    if (submit.action === 'resend') return resend(session, code, context)
    if (submit.action === 'respond') return respond(session, code, submit.code, context)
    return { kind: 'refused', error: 'out_of_sequence' }
  },

  view: (session, now) => {
    const code = session.code
    const address = mailboxFor(session.event, session.created_at)
    return {
      screen: 'email_code',
      mailbox: address === null ? '' : maskMailbox(address),
      digits: code?.digits ?? 6,
      tries_left: codeTries - (code?.tries ?? 0),
      resends_left: Math.max(0, codeSends - (code?.sends ?? 0)),
      resend_at: (code?.sent_at ?? now) + resendAfterSeconds * secondMs,
      expires_at: code?.expires_at ?? now,
      delivery: code?.delivery ?? 'sending',
    }
  },
}

/** Sign by sign as typed: spaces and dashes are how people group digits. */
const digitsOf = (answer: string): string => answer.replace(/[\s-]/gu, '').normalize('NFKC')

const isCodeOf = (code: CodeState, answer: string): boolean =>
  new RegExp(`^[0-9]{${code.digits}}$`).test(digitsOf(answer))

/** Whether this submit would be held against the code: only then does it cost a try, and a place under the limits. */
export const wouldJudge = (session: Session, submit: Submit, now: number): boolean =>
  session.status === 'open' &&
  now < session.deadline_at &&
  session.steps[session.position]?.type === 'email_code' &&
  submit.action === 'respond' &&
  session.code !== null &&
  isCodeOf(session.code, submit.code) &&
  now < session.code.expires_at

const respond = (session: Session, code: CodeState, answer: string, context: MoveContext): StepResult => {
  if (!isCodeOf(code, answer)) return { kind: 'refused', error: 'malformed_code' }
  if (context.now >= code.expires_at) return { kind: 'refused', error: 'code_expired' }
  if (!context.mayJudgeCode) return failed(session, code, 'limit_across_sessions')

  if (context.codeMatches(session, digitsOf(answer))) {
    const entries = [byPerson(session, 'code.accepted', { generation: code.generation, tries: code.tries })]
    return { kind: 'done', outcome: 'verified', patch: {}, entries }
  }
  const counted: CodeState = { ...code, tries: code.tries + 1 }
  const triesLeft = codeTries - counted.tries
  const entries = [byPerson(session, 'code.rejected', { generation: code.generation, tries_left: triesLeft })]
  if (triesLeft <= 0) {
    const end = failed(session, counted, 'limit_of_this_session')
    return end.kind === 'end' ? { ...end, entries: [...entries, ...end.entries] } : end
  }
  return { kind: 'stay', patch: { code: counted }, entries, effects: [], error: 'wrong_code' }
}

const failed = (session: Session, code: CodeState, limit: string): StepResult => ({
  kind: 'end',
  outcome: 'failed_unverified',
  resolution: 'code_failed',
  cause: null,
  hold: null,
  patch: { code },
  entries: [byPerson(session, 'code.limit_reached', { limit })],
})

const resend = (session: Session, code: CodeState, context: MoveContext): StepResult => {
  if (code.sends >= codeSends || !context.maySendCode) return { kind: 'refused', error: 'no_resends_left' }
  if (context.now < code.sent_at + resendAfterSeconds * secondMs)
    return { kind: 'refused', error: 'resend_too_soon' }
  const next: CodeState = {
    ...code,
    ...sentNow(context.now, code.generation + 1, code.sends + 1),
  }
  const { entries, effects } = requested(next)
  return {
    kind: 'stay',
    patch: { code: next },
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

const requested = (code: CodeState): { entries: ReturnType<typeof bySystem>[]; effects: Effect[] } => ({
  entries: [
    bySystem('code.issued', { generation: code.generation, sends: code.sends, expires_at: code.expires_at }),
  ],
  effects: [{ kind: 'code_mail', generation: code.generation }],
})

const impossible = (
  resolution: 'delivery_failed' | 'code_failed',
  cause: 'contact_missing' | null,
  why: string,
): StepStart => ({ kind: 'impossible', resolution, cause, entries: [bySystem('code.not_issued', { why })] })
