import type { Reason } from '#contract/outcome'
import { bySystem } from '../audit/actors.ts'
import { counted } from '../risk/counted.ts'
import type { Policy } from '../risk/policy.ts'
import type { PayeeJudgedAs, Session } from './document.ts'
import { type Move, moveTo } from './move.ts'
import { raiseTier } from './tier.ts'

/** What payee memory says now, and the points that all of it is worth. */
export type PayeeNews = { reports: number; confirmed: boolean; points: number }

/**
 * Tells an open session that its payee was reported. Unconfirmed reports add the points that the ingest has not counted yet,
 * and no step. A confirmed payee raises the session by one tier, once. Null if the session knows all of it.
 */
export const payeeReportedMove = (session: Session, news: PayeeNews, policy: Policy): Move | null => {
  const known = pointsTold(session)
  const points = Math.max(0, Math.min(news.points - known, 100 - session.score_after))
  const judgedAs: PayeeJudgedAs = news.confirmed ? 'confirmed' : 'reported'
  const isConfirmedNews = news.confirmed && session.payee_judged_as !== 'confirmed'
  if (session.status !== 'open' || (points === 0 && !isConfirmedNews)) return null
  const told: Session = {
    ...session,
    payee_judged_as: session.payee_judged_as === 'confirmed' ? 'confirmed' : judgedAs,
    reasons_after: [...session.reasons_after, reasonOf(news, points)],
    score_after: session.score_after + points,
    ...(isConfirmedNews ? raiseTier(session, policy) : {}),
  }
  const meta = { confirmed: news.confirmed, reports: news.reports, points, tier: told.tier }
  return moveTo(told, { entries: [bySystem('payee.reported', meta)] })
}

const pointsTold = (session: Session): number =>
  [...session.assessment.reasons, ...session.reasons_after]
    .filter(({ code }) => code === 'BENEFICIARY_REPORTED')
    .reduce((sum, { points }) => sum + points, 0)

const reasonOf = ({ reports, confirmed }: PayeeNews, points: number): Reason => ({
  code: 'BENEFICIARY_REPORTED',
  family: 'scam',
  points,
  detail: confirmed
    ? 'This payee was confirmed as a scam’s while the checkpoint was open.'
    : `Reported by ${counted(reports, 'person', 'people')} while the checkpoint was open; nobody has confirmed it.`,
})
