import type { ActionView } from '#contract/session-view'
import { formatAmount } from './amount.ts'
import { escapeHtml } from './escape-html.ts'
import { languageOf } from './languages.ts'
import type { Language } from './texts.ts'
import { mailLine, plainLine } from './typed-name.ts'
import { wordingOf } from './wording.ts'

/** A finished message but for its addresses. */
export type MailText = { subject: string; text: string; html: string }

/** `482913` → `482 913`, `48291374` → `4829 1374`: easier to copy correctly. */
export const groupedCode = (code: string): string => {
  const half = Math.ceil(code.length / 2)
  return `${code.slice(0, half)} ${code.slice(half)}`
}

const companyMaxLength = 60
const bodyStyle = 'font:17px/1.5 system-ui,sans-serif;max-width:32em;margin:24px auto;padding:0 16px'

const htmlOf = ({ code, direction }: Language, parts: string[]): string =>
  `<!doctype html><html lang="${escapeHtml(code)}" dir="${direction}"><body style="${bodyStyle}">${parts.join('')}</body></html>`
const paragraph = (value: string) => `<p>${escapeHtml(value)}</p>`

export type CodeMailFacts = {
  company: string
  action: ActionView
  /** Digits only. */
  code: string
  lifetimeSeconds: number
  supportPhone: string | null
  language: string
}

/** The message with a code: first what it is for, then the warning, then the code. */
export const codeMail = (facts: CodeMailFacts): MailText => {
  const language = languageOf(facts.language)
  const texts = language.mail
  const { amount, payee, wording } = facts.action
  const company = plainLine(facts.company, companyMaxLength)
  const figures = amount && formatAmount(amount.value, amount.currency, language.code)
  const kind = wordingOf(wording)
  const asked = texts.code.asked(
    texts.code.askedWhat[kind]({
      amount: figures,
      payee: payee?.name ? mailLine(payee.name) || null : null,
      ending: payee?.account_ending ? mailLine(payee.account_ending) : null,
    }),
  )
  const warning = texts.code.warning(company)
  const code = groupedCode(facts.code)
  const lifetime = texts.code.lifetime(Math.max(1, Math.floor(facts.lifetimeSeconds / 60)))
  const notYou = texts.code.notYou(facts.supportPhone, company)
  return {
    subject: texts.code.subject(company, texts.code.subjectThing[kind](figures)).replaceAll('\u00A0', ' '),
    text: `${[asked, warning, `${texts.code.code} ${code}\n${lifetime}`, notYou].join('\n\n').replaceAll('\u00A0', ' ')}\n`,
    html: htmlOf(language, [
      paragraph(asked),
      `<p><strong>${escapeHtml(warning)}</strong></p>`,
      `<p>${escapeHtml(texts.code.code)}<br><span style="font-size:28px;letter-spacing:2px">${escapeHtml(code)}</span><br>${escapeHtml(lifetime)}</p>`,
      paragraph(notYou),
    ]),
  }
}

export type SecurityAlertFacts = {
  company: string
  incidentId: string
  caseReference: string
  /** The action's name as the organisation calls it, for example `transfer`. */
  action: string
  userId: string
  language: string
}

/** To the organisation's security address: which incident, and no personal data except the organisation's own user id. */
export const securityAlertMail = (facts: SecurityAlertFacts): MailText => {
  const language = languageOf(facts.language)
  const texts = language.mail.alert
  const line = (value: string) => plainLine(value, 128)
  const subject = texts.subject(plainLine(facts.company, companyMaxLength), line(facts.caseReference))
  return notice(language, subject, texts.opened, texts.next, [
    [texts.rows.incident, line(facts.incidentId)],
    [texts.rows.reference, line(facts.caseReference)],
    [texts.rows.action, line(facts.action)],
    [texts.rows.user, line(facts.userId)],
  ])
}

export type EnforcementMailFacts = {
  company: string
  environment: string
  /** `observe`, or the version of the policy that enforces less. */
  what: string
  /** An analyst's address, or `operator`. */
  by: string
  /** ISO 8601. */
  at: string
  language: string
}

/** To the organisation's security address: less is enforced than before. */
export const enforcementMail = (facts: EnforcementMailFacts): MailText => {
  const language = languageOf(facts.language)
  const texts = language.mail.enforcement
  const line = (value: string) => plainLine(value, 128)
  const subject = texts.subject(plainLine(facts.company, companyMaxLength))
  return notice(language, subject, texts.changed, texts.next, [
    [texts.rows.environment, line(facts.environment)],
    [texts.rows.what, line(facts.what)],
    [texts.rows.by, line(facts.by)],
    [texts.rows.at, line(facts.at)],
  ])
}

/** What happened, its facts line by line, and what to do. */
const notice = (
  language: Language,
  subject: string,
  happened: string,
  next: string,
  rows: [string, string][],
): MailText => ({
  subject,
  text: `${[happened, rows.map(([name, value]) => `${name}: ${value}`).join('\n'), next].join('\n\n')}\n`,
  html: htmlOf(language, [
    paragraph(happened),
    `<p>${rows.map(([name, value]) => `${escapeHtml(name)}: ${escapeHtml(value)}`).join('<br>')}</p>`,
    paragraph(next),
  ]),
})
