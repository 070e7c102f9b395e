import type { StepType } from '#contract/step'
import { type Policy, policySchema, usualLabelPoints } from './policy.ts'
import { allSignals } from './signals/all-signals.ts'

/** Each signal brings its own. */
const weights = Object.fromEntries(allSignals.map(({ code, defaultWeight }) => [code, defaultWeight]))

/** What the first attempt after a hold meets beside the steps of its tier, whatever the policy. */
export const reverificationSteps: readonly StepType[] = ['questions']

/**
 * What an organisation starts with. It is parsed when it is loaded, so an edit that breaks a requirement stops the start.
 *
 * How the numbers fit together: an action without amount and payee carries its risk in itself (62 points for a changed
 * e-mail address). A payment carries it in payee (22) and amount (37 and more): together they are the high tier, and a call still
 * leaves them below *critical*. A person on the phone is better asked than refused: both of their answers end the attempt,
 * and the screen says why. Remote access and screen sharing do reach *critical*. What a browser says of itself (5 together)
 * and a journey that nobody can make (13; often a VPN that was just switched on) stay below it, each by itself. Floors say
 * what an action meets at any score: whoever resets a password or adds a payee is asked once, and nothing is exported or
 * closed below the high tier.
 */
export const defaultPolicy: Policy = policySchema.parse({
  version: 'default-1',
  actions: {
    login: { family: 'other', sensitivity: 'low', wording: 'login', required: [], floor: 'none' },
    transfer: {
      family: 'money_out',
      sensitivity: 'medium',
      wording: 'transfer',
      required: ['amount', 'payee'],
      floor: 'none',
    },
    large_transfer: {
      family: 'money_out',
      sensitivity: 'high',
      wording: 'large_transfer',
      required: ['amount', 'payee'],
      floor: 'none',
    },
    add_payee: {
      family: 'money_out',
      sensitivity: 'medium',
      wording: 'add_payee',
      required: ['payee'],
      floor: 'low',
    },
    bulk_order: {
      family: 'money_out',
      sensitivity: 'medium',
      wording: 'bulk_order',
      required: ['amount'],
      floor: 'none',
    },
    raise_limit: {
      family: 'money_out',
      sensitivity: 'medium',
      wording: 'raise_limit',
      required: [],
      floor: 'none',
    },
    loan: {
      family: 'money_out',
      sensitivity: 'medium',
      wording: 'loan',
      required: ['amount'],
      floor: 'none',
    },
    password_reset: {
      family: 'credentials',
      sensitivity: 'medium',
      wording: 'password_reset',
      required: [],
      floor: 'low',
    },
    change_password: {
      family: 'credentials',
      sensitivity: 'high',
      wording: 'change_password',
      required: [],
      floor: 'medium',
    },
    change_email: {
      family: 'credentials',
      sensitivity: 'high',
      wording: 'change_email',
      required: ['target'],
      floor: 'medium',
    },
    admin_action: {
      family: 'admin',
      sensitivity: 'high',
      wording: 'admin_action',
      required: [],
      floor: 'none',
    },
    export_data: {
      family: 'data',
      sensitivity: 'high',
      wording: 'export_data',
      required: ['target'],
      floor: 'high',
    },
    close_account: {
      family: 'data',
      sensitivity: 'high',
      wording: 'close_account',
      required: ['target'],
      floor: 'high',
    },
  },
  base: {
    money_out: { low: 0.05, medium: 0.08, high: 0.1 },
    credentials: { low: 0.15, medium: 0.3, high: 1 },
    data: { low: 0.15, medium: 0.5, high: 1 },
    admin: { low: 0.15, medium: 0.5, high: 1 },
    other: { low: 0.23, medium: 0.3, high: 1 },
  },
  weights,
  caps: { policy: 62, payment: 59, scam: 60, takeover: 27, network: 20, behaviour: 20 },
  weak: { families: ['takeover', 'network', 'behaviour'], cap: 27 },
  client_cap: 5,
  labels: usualLabelPoints,
  thresholds: { none: 0, low: 40, medium: 60, high: 75, critical: 90 },
  steps: {
    none: [],
    low: ['intent'],
    medium: ['intent', 'email_code'],
    high: ['intent', 'confirm_action', 'pause', 'email_code'],
    critical: ['intent', 'confirm_action', 'pause', 'email_code'],
  },
  pause_seconds: { none: 30, low: 30, medium: 30, high: 30, critical: 60 },
  signal_floors: [
    { signal: 'REMOTE_ACCESS_ACTIVE', families: ['money_out', 'credentials'], tier: 'medium' },
    { signal: 'SCREEN_SHARED', families: ['money_out', 'credentials'], tier: 'medium' },
    // Confirmed, that is: what people report alone never weighs in full.
    { signal: 'BENEFICIARY_REPORTED', families: ['money_out'], tier: 'high', from_severity: 1 },
  ],
  missing_facts_tier: 'medium',
  limits: {
    context_fresh_seconds: 120,
    credentials_changed_hours: 72,
    account_young_days: 30,
    payee_settled_days: 30,
    attempts_per_hour: 5,
    attempts_per_day: 20,
    amounts_for_history: 5,
    // Round figures near 200 and 5,000 US dollars. A currency that is missing here has the default, which for
    // a small unit errs towards asking.
    amount_levels_default: { small: 200, large: 5_000 },
    amount_levels: {
      BHD: { small: 75, large: 2_000 },
      BRL: { small: 1_000, large: 25_000 },
      CLP: { small: 200_000, large: 5_000_000 },
      COP: { small: 800_000, large: 20_000_000 },
      CZK: { small: 5_000, large: 100_000 },
      DKK: { small: 1_500, large: 35_000 },
      HUF: { small: 75_000, large: 2_000_000 },
      IDR: { small: 3_000_000, large: 80_000_000 },
      INR: { small: 15_000, large: 400_000 },
      JOD: { small: 150, large: 3_500 },
      JPY: { small: 30_000, large: 750_000 },
      KRW: { small: 250_000, large: 7_000_000 },
      KWD: { small: 60, large: 1_500 },
      MXN: { small: 4_000, large: 100_000 },
      NOK: { small: 2_000, large: 50_000 },
      OMR: { small: 75, large: 2_000 },
      PHP: { small: 10_000, large: 300_000 },
      PLN: { small: 800, large: 20_000 },
      SEK: { small: 2_000, large: 50_000 },
      THB: { small: 7_000, large: 175_000 },
      TRY: { small: 8_000, large: 200_000 },
      VND: { small: 5_000_000, large: 125_000_000 },
      ZAR: { small: 3_500, large: 90_000 },
    },
  },
})
