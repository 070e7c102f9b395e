import type { Aftermath, BacktestAgainst, BacktestState } from '#contract/backtest'
import type { EffectivenessBy } from '#contract/effectiveness'
import type { CallBackNumber, CallBackOutcome } from '#contract/hold'
import type { DeskIncident, IncidentDisposition } from '#contract/incident'
import type { LabelFamily, LabelName, LabelProvenance, LabelState, SubjectType } from '#contract/label'
import type { Outcome, Resolution, StepType } from '#contract/outcome'
import type { PolicyMoveKind, PolicyState } from '#contract/policy'
import type { SessionSummary } from '#contract/session-summary'
import type { ConfirmAnswer, IntentAnswer } from '#contract/step'

/** Closed sets in an analyst's words. A value without words does not compile. */

export const outcomeWords: Record<Outcome, string> = {
  allow: 'Allowed',
  delay_verify: 'Checkpoint',
  block_escalate: 'Stopped',
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

export const stepWords: Record<StepType, string> = {
  intent: 'Is anyone guiding you?',
  confirm_action: 'Is this exactly what you want?',
  questions: 'Specific questions',
  pause: 'Enforced pause',
  email_code: 'Mailbox confirmation',
}

/** The same steps where there is room for one word. */
export const stepShort: Record<StepType, string> = {
  intent: 'question',
  confirm_action: 'confirmation',
  questions: 'questions',
  pause: 'pause',
  email_code: 'mail code',
}

export const intentWords: Record<IntentAnswer, string> = {
  yes: 'Yes, somebody is guiding me',
  not_sure: 'I am not sure',
  no: 'No, this is my own idea',
}

export const confirmWords: Record<ConfirmAnswer, string> = {
  confirmed: 'Yes, exactly this',
  denied: 'No, something is different',
  not_sure: 'I am not sure',
}

export const causeWords: Record<DeskIncident['cause'], string> = {
  answered_yes: 'Said that somebody was guiding them',
  answered_not_sure: 'Was not sure whether somebody was guiding them',
  contradicted: 'Their answer contradicts what the site observed, or what they said before',
  held: 'Tried again while a hold was open',
  blocked: 'Stopped by the score',
  stop_sharing: 'Was sharing the screen or under remote control',
  abandoned: 'Left the checkpoint after the question, repeatedly',
  contact_missing: 'No mailbox that could confirm',
  code_failed: 'Typed wrong codes until none was left',
  reported: 'Reported as a scam',
}

export const verdictWords: Record<IncidentDisposition, string> = {
  confirmed_scam: 'Confirmed scam',
  false_alarm: 'False alarm',
  unclear: 'Unclear',
}

/** What a verdict does, said before it is given. A hold is released by a call alone. */
export const verdictEffects = (hasPayee: boolean): Record<IncidentDisposition, string> =>
  hasPayee
    ? {
        confirmed_scam: 'Everybody who pays this payee from now on meets at least the high tier.',
        false_alarm: 'Reports about this payee that nobody confirmed count no more. A hold stays.',
        unclear: 'Closes the incident and says nothing about the payee.',
      }
    : {
        confirmed_scam: 'Closes the incident. There is no payee whose next payments it could raise.',
        false_alarm: 'Closes the incident. A hold stays.',
        unclear: 'Closes the incident and says nothing more.',
      }

/** What to do next: one sentence, never a number from the report itself. */
export const nextWords: Record<DeskIncident['cause'], string> = {
  answered_yes:
    'Call the person back on the number on file, not on one from this report, before anything is released.',
  answered_not_sure: 'Call back on the number on file and ask who they were talking to.',
  contradicted: 'Treat the answer as coached: call back on the number on file before anything is released.',
  held: 'Somebody is still pushing. Check the open hold first, then call back on the number on file.',
  blocked:
    'Look at the reasons in the session; if it was genuine, the person can try again after a call back.',
  stop_sharing: 'Ask the person to end the remote session before they log in again.',
  abandoned: 'Call back on the number on file: leaving again and again is often a script being tried out.',
  contact_missing: 'Confirm the contact data by another way before the person tries again.',
  code_failed:
    'Ask on the number on file whether it was them; wrong codes are often typing, sometimes somebody else.',
  reported: 'Read the report, then call back on the number on file.',
}

export const effectivenessWords: Record<EffectivenessBy, string> = {
  tier: 'Tier',
  text_version: 'Text version',
  rule: 'Rule',
  action: 'Action',
}

export const backtestStateWords: Record<BacktestState, string> = {
  queued: 'waiting',
  running: 'running',
  done: 'done',
  failed: 'failed',
  cancelled: 'called off',
}

/** What a draft is compared with. */
export const againstWords: Record<BacktestAgainst, string> = {
  stored: 'what was decided',
  live: 'the live policy',
}

export const aftermathWords: Record<Aftermath, string> = {
  reported: 'Reported as a scam',
  genuine: 'Completed, never reported',
  labelled_risky: 'Labelled risky',
  labelled_legit: 'Labelled legitimate',
  incident: 'An incident',
  contact_broken: 'Contact broken',
  held: 'Held',
}

/** How the person was reached. There is no word for a number that came with the attempt. */
export const callBackNumberWords: Record<CallBackNumber, string> = {
  on_file: 'We called the number on file',
  card: 'They called the number on their card, or our support number',
  in_person: 'In person, with a document',
}

export const callBackOutcomeWords: Record<CallBackOutcome, string> = {
  own_decision: 'It is their own decision; nobody told them what to answer',
  contact_ended: 'Somebody was guiding them; they know, and that contact is over',
}

export const subjectWords: Record<SubjectType, string> = {
  user: 'The user',
  device: 'The device',
  ip: 'The address',
  network: 'The network',
  payee: 'The payee',
  email_domain: 'The domain of the e-mail address',
  session: 'This session',
}

export const labelWords: Record<LabelName, string> = {
  known_legit: 'known to be genuine',
  suspected_risky: 'suspected',
  known_risky: 'known to be risky',
  unknown: 'unknown: we looked and can’t tell',
}

export const labelFamilyWords: Record<LabelFamily, string> = {
  takeover: 'Account taken over',
  scam: 'Person being scammed',
  payment: 'Payment',
  network: 'Network',
  behaviour: 'Behaviour',
}

export const labelGroundWords: Record<LabelProvenance, string> = {
  analyst_investigation: 'We looked into it',
  law_enforcement: 'Law enforcement said so',
  partner_report: 'A partner reported it',
  site_result: 'The site reported it',
  customer_confirmed: 'The customer said so, which counts little',
  not_stated: 'No ground was stated',
}

export const labelStateWords: Record<LabelState, string> = {
  active: 'active',
  replaced: 'replaced by a newer one',
  expired: 'run out',
  undone: 'taken back',
}

export const policyStateWords: Record<PolicyState, string> = {
  draft: 'Draft',
  preview: 'In preview',
  live: 'Live',
  retired: 'Retired',
}

export const policyMoveWords: Record<PolicyMoveKind, string> = {
  preview: 'Put into preview',
  withdraw: 'Taken out of preview',
  publish: 'Published',
  roll_back: 'Rolled back to',
}

/** `large_transfer` → `Large transfer`: actions are named by the site. */
export const actionWords = (action: string): string => {
  const words = action.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** `BENEFICIARY_NEW` → `Beneficiary new`. */
export const reasonWords = (code: string): string => actionWords(code.toLowerCase())

/** Where a session stands, beside its outcome. */
export const standing = (line: SessionSummary): string =>
  line.status === 'open'
    ? `at the ${line.step === null ? 'checkpoint' : stepShort[line.step]}`
    : line.resolution === null
      ? ''
      : resolutionWords[line.resolution]
