import { dayMs, hourMs } from '#contract/durations'
import {
  maxDispositions,
  maxReports,
  type PayeeDisposition,
  type PayeeReport,
  type PayeeReports,
} from './payee-reports-document.ts'

/** The memory of a payee: what is taken in, what it comes to. Pure, idempotent, bounded. */

/**
 * What one person's word is worth, in any policy: little, for a short time, and nothing from an account that may have
 * been made for it. Otherwise whoever wants to ruin a shop reports it.
 */
const pointsOfOneReport = 10
const reportsCounted = 2
/** How much of the weight one report is. */
const shareOfOneReport = 0.25
export const reportCountsHours = 72
export const reporterAccountDays = 30

const oneReportEachDays = 30
/** A confirmation is not for ever: accounts are closed, and their numbers given to others. */
const remembersDays = 365

/** What unconfirmed reports weigh: a share of the weight, and at most so many points whatever that is. */
export const wordOfReports = (reports: number): { severity: number; at_most: number } => {
  const counted = Math.min(reports, reportsCounted)
  return { severity: shareOfOneReport * counted, at_most: pointsOfOneReport * counted }
}

/** Points of what stands against a payee, all in all. */
export const pointsOfReputation = (
  { reports, confirmed }: Pick<PayeeReputation, 'reports' | 'confirmed'>,
  weight: number,
): number => {
  const { severity, at_most } = wordOfReports(reports)
  return confirmed ? weight : Math.min(Math.round(weight * severity), at_most)
}

/** What payee memory says of an attempt, whoever makes it. */
export type PayeeReputation = {
  /** Distinct people whose unconfirmed report counts now. */
  reports: number
  confirmed: boolean
  /** When anybody first tried to pay this payee, epoch milliseconds; null when nobody has. */
  first_seen_at: number | null
  /** Other people of the last week; null when that was not counted. */
  other_users_week: number | null
}

/** A payee of whom nothing is known. */
export const unknownPayee: PayeeReputation = {
  reports: 0,
  confirmed: false,
  first_seen_at: null,
  other_users_week: null,
}

/** The memory of a payee whom nobody has reported. */
export const emptyPayeeReports = (id: string, orgId: string): PayeeReports => ({
  _id: id,
  org_id: orgId,
  version: 0,
  purge_at: null,
  reports: [],
  dispositions: [],
  first_paid_at: null,
})

const mayCount = ({ account_days: days, dismissed_by: dismissed }: PayeeReport): boolean =>
  dismissed === null && days !== null && days >= reporterAccountDays

const isCounted = (report: PayeeReport, now: number): boolean =>
  mayCount(report) && report.at > now - reportCountsHours * hourMs

/** Reports and verdict as they stand at `now`: what an attempt is judged by. */
export const reportReputation = (
  memory: PayeeReports | null,
  now: number,
): Pick<PayeeReputation, 'reports' | 'confirmed'> => {
  const counting = (memory?.reports ?? []).filter((report) => isCounted(report, now))
  return {
    reports: new Set(counting.map(({ reporter }) => reporter)).size,
    confirmed: (memory?.dispositions ?? []).some(
      ({ word, at }) => word === 'confirmed' && at > now - remembersDays * dayMs,
    ),
  }
}

/** Which reports to keep when there are too many, best first: those that may count, then those that silence somebody. */
const byUse = (a: PayeeReport, b: PayeeReport): number =>
  rank(b) - rank(a) || b.at - a.at || (a.session_id < b.session_id ? -1 : 1)
const rank = (report: PayeeReport): number => (mayCount(report) ? 2 : report.dismissed_by === null ? 0 : 1)

const byPower = (a: PayeeDisposition, b: PayeeDisposition): number =>
  Number(b.word === 'confirmed') - Number(a.word === 'confirmed') || b.at - a.at

/** Drops what no longer says anything, keeps the rest bounded, and says until when the document is of use. */
const tidied = (memory: PayeeReports, now: number): PayeeReports => {
  const reports = memory.reports
    .filter(
      ({ at, dismissed_by }) =>
        at > now - (dismissed_by === null ? oneReportEachDays : remembersDays) * dayMs,
    )
    .toSorted(byUse)
    .slice(0, maxReports)
    .toSorted((a, b) => a.at - b.at)
  const dispositions = memory.dispositions
    .filter(({ at }) => at > now - remembersDays * dayMs)
    .toSorted(byPower)
    .slice(0, maxDispositions)
    .toSorted((a, b) => a.at - b.at)
  return { ...memory, reports, dispositions, purge_at: now + remembersDays * dayMs }
}

/**
 * Takes one person's report. The same session twice counts once; so does the same person within 30 days; somebody whose
 * report about this payee was a false alarm is not heard. Whatever is not taken leaves the very same document.
 */
export const addReport = (memory: PayeeReports, report: Omit<PayeeReport, 'dismissed_by'>): PayeeReports => {
  const isKnown = memory.reports.some(
    ({ session_id, reporter, at, dismissed_by }) =>
      session_id === report.session_id ||
      (reporter === report.reporter && (dismissed_by !== null || at > report.at - oneReportEachDays * dayMs)),
  )
  if (isKnown) return memory
  return tidied({ ...memory, reports: [...memory.reports, { ...report, dismissed_by: null }] }, report.at)
}

/**
 * Takes the word on an incident. *Dismissed* silences every report that stands unconfirmed; whatever replaces that word
 * lets them speak again. A word that was overtaken by a newer one on the same incident changes nothing.
 */
export const addDisposition = (memory: PayeeReports, disposition: PayeeDisposition): PayeeReports => {
  const before = memory.dispositions.find(({ incident_id }) => incident_id === disposition.incident_id)
  if (before !== undefined && before.revision > disposition.revision) return memory
  const isRepeat = before?.word === disposition.word && before.revision === disposition.revision
  if (isRepeat && before.how === disposition.how) return memory
  const reports = memory.reports.map((report) => heardAfter(report, disposition))
  const dispositions = [...memory.dispositions.filter((entry) => entry !== before), disposition]
  return tidied({ ...memory, reports, dispositions }, disposition.at)
}

const heardAfter = (report: PayeeReport, { word, incident_id }: PayeeDisposition): PayeeReport => {
  if (word === 'dismissed') return { ...report, dismissed_by: report.dismissed_by ?? incident_id }
  return report.dismissed_by === incident_id ? { ...report, dismissed_by: null } : report
}

/** What the site's own `reported_scam` says of the payee: confirmed, unless that is said already. */
export const confirmByResult = (
  memory: PayeeReports,
  said: Pick<PayeeDisposition, 'incident_id' | 'by' | 'at'>,
): PayeeReports => {
  const before = memory.dispositions.find(({ incident_id }) => incident_id === said.incident_id)
  if (before?.word === 'confirmed') return memory
  return addDisposition(memory, {
    ...said,
    word: 'confirmed',
    how: 'result',
    revision: before?.revision ?? 0,
  })
}

/** Takes what the site's history says: somebody paid this payee then. A later payment than is known changes nothing. */
export const notePastPayment = (memory: PayeeReports, at: number, now: number): PayeeReports =>
  memory.first_paid_at !== null && memory.first_paid_at <= at
    ? memory
    : { ...memory, first_paid_at: at, purge_at: now + remembersDays * dayMs }

/** Whether the report of this session counts now, whoever made it. */
export const countsReportOf = (memory: PayeeReports | null, sessionId: string, now: number): boolean =>
  (memory?.reports ?? []).some((report) => report.session_id === sessionId && isCounted(report, now))

/**
 * Takes back what one key said by a result: its confirmation on this incident, and its report of this session. A word that
 * an analyst gave since stays, and so does a person's own report (`session_id`: null).
 */
export const takeBackResult = (
  memory: PayeeReports,
  said: { incident_id: string; by: string; session_id: string | null; at: number },
): PayeeReports => {
  const dispositions = memory.dispositions.filter(
    ({ incident_id, how, by }) => !(incident_id === said.incident_id && how === 'result' && by === said.by),
  )
  const reports = memory.reports.filter(({ session_id }) => session_id !== said.session_id)
  if (dispositions.length === memory.dispositions.length && reports.length === memory.reports.length)
    return memory
  return tidied({ ...memory, dispositions, reports }, said.at)
}
