import type { Outcome, Resolution } from '#contract/outcome'
import type { SessionSummary } from '#contract/session-summary'
import { stepWords } from './steps.ts'

/** What sessions come to, in an analyst's words. A value without words does not compile, here as in every table beside it. */

export const outcomeWords: Record<Outcome, string> = {
  allow: 'Allowed',
  delay_verify: 'Checkpoint',
  block_escalate: 'Stopped',
}

/** What nothing was enforced for. */
export const observedWords: Record<Outcome, string> = {
  allow: 'would have been allowed',
  delay_verify: 'would have been asked',
  block_escalate: 'would have been stopped',
}

export const resolutionWords: Record<Resolution, string> = {
  allowed: 'passed',
  blocked: 'blocked',
  contact_broken: 'contact broken',
  denied: 'not what they meant',
  abandoned: 'abandoned',
  contradicted: 'contradicted',
  code_failed: 'code failed',
  delivery_failed: 'mail failed',
  cancelled: 'cancelled',
  expired: 'expired',
}

/** Where a session stands, beside its outcome. */
export const standing = (session: SessionSummary): string =>
  session.status === 'open'
    ? `at the ${session.step === null ? 'checkpoint' : stepWords[session.step].short}`
    : session.resolution === null
      ? ''
      : resolutionWords[session.resolution]
