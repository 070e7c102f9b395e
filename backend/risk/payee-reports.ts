import { dayMs, hourMs } from '#contract/durations'
import {
  maxDispositions,
  maxReports,
  type Payee,
  type PayeeDisposition,
  type PayeeReport,
} from './payee-document.ts'
import { longStandingPayers } from './payee-payments.ts'
import type { PayeeReputation } from './payee-reputation.ts'

/** What people and the organisation said of a payee: how it is taken in, and what follows. Pure, idempotent, bounded. */

/**
 * What one person's report is worth in any policy: a few points, for a short time. A report by a new account is worth
 * nothing, because the account may have been made for it. Otherwise anybody could ruin a shop by reporting it.
 */
const pointsOfOneReport = 10
const reportsCounted = 2
/** The share of the weight that one report has. */
const shareOfOneReport = 0.25
export const reportCountsHours = 72
export const reporterAccountDays = 30

const oneReportEachDays = 30
/** What was said ends: accounts are closed, and their numbers are given to others. */
const remembersDays = 365

/** What unconfirmed reports weigh: a share of the weight, and no more points than `at_most`, whatever the weight is. */
export const wordOfReports = (reports: number): { severity: number; at_most: number } => {
  const counted = Math.min(reports, reportsCounted)
  return { severity: shareOfOneReport * counted, at_most: pointsOfOneReport * counted }
}

/** Points of a payee's reputation. */
export const pointsOfReputation = (
  { reports, confirmed }: Pick<PayeeReputation, 'reports' | 'confirmed'>,
  weight: number,
): number => {
  const { severity, at_most } = wordOfReports(reports)
  return confirmed ? weight : Math.min(Math.round(weight * severity), at_most)
}

/** The memory of a payee whom nobody has paid or reported. */
export const emptyPayee = (id: string, orgId: string): Payee => ({
  _id: id,
  org_id: orgId,
  version: 0,
  purge_at: null,
  reports: [],
  dispositions: [],
  first_paid_at: null,
  days: [],
  payers: [],
  triers: [],
  sessions_read: false,
})

const mayCount = ({ account_days: days, dismissed_by: dismissed }: PayeeReport): boolean =>
  dismissed === null && days !== null && days >= reporterAccountDays

const isCounted = (report: PayeeReport, now: number): boolean =>
  mayCount(report) && report.at > now - reportCountsHours * hourMs

/**
 * One person who was robbed does not make a payee a scam's whom many have long paid: a stolen card was used in a shop. Each
 * `reported_scam` of the site outweighs so many of them; until then it counts as a report for as long as reports do. What an analyst
 * confirms outweighs any number.
 */
const payersOutweighed = 4

/** Reports and dispositions as they count at `now`. */
export const reportReputation = (
  memory: Payee | null,
  now: number,
): Pick<PayeeReputation, 'reports' | 'confirmed'> => {
  if (memory === null) return { reports: 0, confirmed: false }
  const counting = memory.reports.filter((report) => isCounted(report, now))
  const confirmed = memory.dispositions.filter(
    ({ word, at }) => word === 'confirmed' && at > now - remembersDays * dayMs,
  )
  const results = confirmed.filter(({ how }) => how === 'result')
  const isOutweighed = results.length * payersOutweighed < longStandingPayers(memory, now)
  const heard = isOutweighed ? results.filter(({ at }) => at > now - reportCountsHours * hourMs) : []
  return {
    reports: new Set(counting.map(({ reporter }) => reporter)).size + heard.length,
    confirmed: results.length < confirmed.length || (results.length > 0 && !isOutweighed),
  }
}

/** Who said that this payee is a scam's, and was not told that they were wrong. */
export const reportersOf = ({ reports }: Payee): string[] =>
  reports.filter(({ dismissed_by }) => dismissed_by === null).map(({ reporter }) => reporter)

/** Which reports to keep if there are too many, best first: those that may count, then those that were dismissed. */
const byUse = (a: PayeeReport, b: PayeeReport): number =>
  rank(b) - rank(a) || b.at - a.at || (a.session_id < b.session_id ? -1 : 1)
const rank = (report: PayeeReport): number => (mayCount(report) ? 2 : report.dismissed_by === null ? 0 : 1)

const byPower = (a: PayeeDisposition, b: PayeeDisposition): number =>
  Number(b.word === 'confirmed') - Number(a.word === 'confirmed') || b.at - a.at

/** Drops what has no effect any more, keeps the rest bounded, and sets until when the document is kept. */
const tidied = (memory: Payee, now: number): Payee => {
  const reports = memory.reports
    .filter(({ at }) => at > now - remembersDays * dayMs)
    .toSorted(byUse)
    .slice(0, maxReports)
    .toSorted((a, b) => a.at - b.at)
  const dispositions = memory.dispositions
    .filter(({ at }) => at > now - remembersDays * dayMs)
    .toSorted(byPower)
    .slice(0, maxDispositions)
    .toSorted((a, b) => a.at - b.at)
  return {
    ...memory,
    reports,
    dispositions,
    purge_at: Math.max(memory.purge_at ?? 0, now + remembersDays * dayMs),
  }
}

/**
 * Takes one person's report. A session counts once, and so does a person within 30 days. If a report of this person about
 * this payee was a false alarm, no other is taken. If nothing is taken, the answer is the very same document. `now`: what is
 * too old to count is dropped as of then; of the past, a report tells of another time.
 */
export const addReport = (
  memory: Payee,
  report: Omit<PayeeReport, 'dismissed_by'>,
  now = report.at,
): Payee => {
  const isKnown = memory.reports.some(
    ({ session_id, reporter, at, dismissed_by }) =>
      session_id === report.session_id ||
      (reporter === report.reporter && (dismissed_by !== null || at > report.at - oneReportEachDays * dayMs)),
  )
  if (isKnown) return memory
  return tidied({ ...memory, reports: [...memory.reports, { ...report, dismissed_by: null }] }, now)
}

/**
 * Takes the disposition of an incident. *Dismissed* silences every unconfirmed report; when another word replaces it, they
 * count again. An older revision for the same incident changes nothing.
 */
export const addDisposition = (memory: Payee, disposition: PayeeDisposition, now = disposition.at): Payee => {
  const before = memory.dispositions.find(({ incident_id }) => incident_id === disposition.incident_id)
  if (before !== undefined && before.revision > disposition.revision) return memory
  const isRepeat = before?.word === disposition.word && before.revision === disposition.revision
  if (isRepeat && before.how === disposition.how) return memory
  const reports = memory.reports.map((report) => heardAfter(report, disposition))
  const dispositions = [...memory.dispositions.filter((entry) => entry !== before), disposition]
  return tidied({ ...memory, reports, dispositions }, now)
}

const heardAfter = (report: PayeeReport, { word, incident_id }: PayeeDisposition): PayeeReport => {
  if (word === 'dismissed') return { ...report, dismissed_by: report.dismissed_by ?? incident_id }
  return report.dismissed_by === incident_id ? { ...report, dismissed_by: null } : report
}

/** The site's own `reported_scam` confirms the payee as a scam's, unless that is known already. */
export const confirmByResult = (
  memory: Payee,
  said: Pick<PayeeDisposition, 'incident_id' | 'by' | 'at'>,
  now = said.at,
): Payee => {
  const before = memory.dispositions.find(({ incident_id }) => incident_id === said.incident_id)
  if (before?.word === 'confirmed') return memory
  const revision = before?.revision ?? 0
  return addDisposition(memory, { ...said, word: 'confirmed', how: 'result', revision }, now)
}

/** Whether the report of this session counts now, whoever made it. */
export const countsReportOf = (memory: Payee | null, sessionId: string, now: number): boolean =>
  (memory?.reports ?? []).some((report) => report.session_id === sessionId && isCounted(report, now))

/**
 * Takes back what one key said by a result (`by`: null for whichever said it): its confirmation on this incident, and its
 * report of this session. What an analyst said since stays. So does a person's own report (`session_id`: null).
 */
export const takeBackResult = (
  memory: Payee,
  said: { incident_id: string; by: string | null; session_id: string | null; at: number },
): Payee => {
  const dispositions = memory.dispositions.filter(
    ({ incident_id, how, by }) =>
      !(incident_id === said.incident_id && how === 'result' && by === (said.by ?? by)),
  )
  const reports = memory.reports.filter(({ session_id }) => session_id !== said.session_id)
  if (dispositions.length === memory.dispositions.length && reports.length === memory.reports.length)
    return memory
  return tidied({ ...memory, dispositions, reports }, said.at)
}
