import { type QuestionId, questionOptions } from '#contract/question'
import type { SessionView } from '#contract/session-view'

/** One view for every state of every screen, as the server would send it. */

const now = Date.UTC(2026, 10, 21, 10, 1, 0)
const minute = 60_000

const base: SessionView = {
  session_id: 'ses_01',
  session_key: 'key-01',
  step_token: 'step-01',
  status: 'open',
  outcome: 'delay_verify',
  resolution: null,
  ended: null,
  token: null,
  language: 'en',
  direction: 'ltr',
  region: { locale: 'en-GB', time_zone: 'Europe/Madrid', is_own: true },
  text_version: 'en-1',
  brand: {
    name: 'Northwind Bank',
    support_phone: '+1 202 555 0143',
    support_url: 'https://bank.example/help',
  },
  action: {
    name: 'transfer',
    wording: 'transfer',
    amount: { value: 1_000_000, currency: 'USD' },
    payee: { name: 'J. Smith', account_ending: '5555', is_new: true },
    target: null,
    location: 'Sevilla, Spain',
  },
  screen: { screen: 'intent', answers: ['not_sure', 'no', 'yes'], variant: 0 },
  error: null,
  return_url: null,
  full_page_if_unprovable: false,
  deadline_at: now + 15 * minute,
  server_now: now,
  test: false,
}

const code = {
  screen: 'email_code',
  mailbox: 'a•••@example.com',
  digits: 6,
  tries_left: 5,
  resends_left: 2,
  resend_at: now + 30_000,
  expires_at: now + 5 * minute,
  delivery: 'sent',
} as const

const broken = {
  screen: 'break_contact',
  cause: 'answered_yes',
  case_reference: 'K7-4Q9',
  hold_ends_at: now + 12 * 60 * minute,
  hold_needs_release: false,
  reported: false,
} as const

const resolved = { status: 'resolved', step_token: null } as const
const blocked = { ...resolved, outcome: 'block_escalate', ended: 'contact_broken' } as const
const passed = {
  ...resolved,
  outcome: 'allow',
  resolution: 'allowed',
  token: 'header.claims.signature',
} as const
const back = { return_url: 'https://bank.example/transfer/done?session_id=ses_01' } as const
const emailChange: SessionView['action'] = {
  name: 'change_email',
  wording: 'change_email',
  amount: null,
  payee: null,
  target: 'ana.new@example.net',
  location: 'Sevilla, Spain',
}

export const view = (changes: Partial<SessionView> = {}): SessionView => ({ ...base, ...changes })

const ended = (resolution: Extract<SessionView['screen'], { screen: 'ended' }>['resolution']) =>
  view({
    ...blocked,
    resolution:
      resolution === 'contact_missing' ? 'blocked' : resolution === 'sent_instead' ? 'cancelled' : resolution,
    ended:
      resolution === 'contact_missing'
        ? 'blocked'
        : resolution === 'cancelled' || resolution === 'sent_instead'
          ? 'stopped'
          : resolution,
    screen: { screen: 'ended', resolution, case_reference: resolution === 'code_failed' ? 'K7-4Q9' : null },
  })
const brokenBy = (cause: Extract<SessionView['screen'], { screen: 'break_contact' }>['cause']) =>
  view({ ...blocked, resolution: 'contact_broken', screen: { ...broken, cause } })

/** A specific question in one of its wordings, with its answers as they are listed. */
export const asking = (question: QuestionId, variant = 0, changes: Partial<SessionView> = {}): SessionView =>
  view({
    ...changes,
    screen: {
      screen: 'questions',
      question,
      variant,
      answers: [...questionOptions[question]],
      number: 2,
      total: 3,
    },
  })

export const views: Record<string, SessionView> = {
  intent: view(),
  'intent-variant-1': view({ screen: { screen: 'intent', answers: ['yes', 'not_sure', 'no'], variant: 1 } }),
  'intent-variant-2': view({ screen: { screen: 'intent', answers: ['no', 'yes', 'not_sure'], variant: 2 } }),
  'intent-error': view({ error: 'out_of_sequence' }),
  'intent-email-change': view({ action: emailChange, test: true }),
  'intent-long-names': view({
    action: {
      ...base.action,
      payee: {
        name: 'Wolfeschlegelsteinhausenbergerdorff and Sons International Trading',
        account_ending: '5555',
        is_new: true,
      },
    },
  }),
  confirm: view({ screen: { screen: 'confirm_action' } }),
  'confirm-email-change': view({ action: emailChange, screen: { screen: 'confirm_action' } }),
  'questions-coached': asking('coached', 1),
  'questions-purpose': asking('purpose'),
  'questions-long-names': asking('purpose', 0, {
    action: {
      ...base.action,
      payee: {
        name: 'Wolfeschlegelsteinhausenbergerdorff and Sons International Trading',
        account_ending: '5555',
        is_new: true,
      },
    },
  }),
  'questions-first-heard': asking('first_heard', 2),
  'questions-error': asking('urgency', 0, { error: 'out_of_sequence' }),
  'questions-email-change': asking('who_asked', 2, { action: emailChange }),
  pause: view({ screen: { screen: 'pause', continue_at: now + 30_000 } }),
  'pause-early': view({ screen: { screen: 'pause', continue_at: now + 21_000 }, error: 'pause_not_over' }),
  'pause-over': view({ screen: { screen: 'pause', continue_at: now - 1 } }),
  code: view({ screen: code }),
  'code-sending': view({ screen: { ...code, delivery: 'sending' } }),
  'code-wrong': view({ screen: { ...code, tries_left: 2 }, error: 'wrong_code' }),
  'code-last-try': view({ screen: { ...code, tries_left: 1, resends_left: 0 }, error: 'malformed_code' }),
  'code-8-digits': view({ screen: { ...code, digits: 8 } }),
  'code-resend-early': view({ screen: code, error: 'resend_too_soon' }),
  'break-yes': brokenBy('answered_yes'),
  'break-not-sure': brokenBy('answered_not_sure'),
  'break-contradicted': brokenBy('contradicted'),
  'break-held': brokenBy('held'),
  'break-blocked': brokenBy('blocked'),
  'break-stop-sharing': brokenBy('stop_sharing'),
  'break-abandoned': brokenBy('abandoned'),
  'break-reported': view({ ...blocked, resolution: 'contact_broken', screen: { ...broken, reported: true } }),
  'break-until-spoken': view({
    ...blocked,
    resolution: 'contact_broken',
    screen: { ...broken, hold_needs_release: true },
  }),
  'break-no-phone': view({
    ...blocked,
    resolution: 'contact_broken',
    action: emailChange,
    brand: { ...base.brand, support_phone: null },
    screen: { ...broken, hold_ends_at: null },
  }),
  'break-email-change': view({
    ...blocked,
    ...back,
    resolution: 'contact_broken',
    action: emailChange,
    screen: broken,
  }),
  'break-export': view({
    ...blocked,
    resolution: 'contact_broken',
    action: { ...emailChange, name: 'export_data', wording: 'export_data', target: 'all transactions' },
    screen: { ...broken, hold_needs_release: true },
  }),
  'break-with-a-way-back': view({
    ...blocked,
    ...back,
    resolution: 'contact_broken',
    screen: broken,
  }),
  'break-on-another-clock': view({
    ...blocked,
    resolution: 'contact_broken',
    region: { locale: 'en-US', time_zone: 'America/Chicago', is_own: false },
    screen: broken,
  }),
  allowed: view({ ...passed, screen: { screen: 'allowed', undo_until: null } }),
  'allowed-too-late': view({
    ...passed,
    error: 'out_of_sequence',
    screen: { screen: 'allowed', undo_until: null },
  }),
  'allowed-undo': view({ ...passed, ...back, screen: { screen: 'allowed', undo_until: now + 9 * minute } }),
  'ended-denied': ended('denied'),
  'ended-code-failed': ended('code_failed'),
  'ended-delivery-failed': ended('delivery_failed'),
  'ended-contact-missing': ended('contact_missing'),
  'ended-cancelled': ended('cancelled'),
  'ended-sent-instead': ended('sent_instead'),
  'ended-expired': { ...ended('expired'), ...back },
}
