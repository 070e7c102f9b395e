import type { LabelFamily, LabelName, LabelProvenance, LabelState, SubjectType } from '#contract/label'

/** Labels: of what, which, in which kind of risk, on which ground, and how they stand. */

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
