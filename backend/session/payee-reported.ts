import type { Reason } from '#contract/outcome'
import { bySystem } from '../audit/actors.ts'
import { counted } from '../risk/counted.ts'
import type { Policy } from '../risk/policy.ts'
import type { Session } from './document.ts'
import { type Move, moveTo } from './move.ts'
import { withReasons } from './reasons.ts'
import { raiseTier } from './tier.ts'
import { withCheckpoint } from './with-checkpoint.ts'

/** What payee memory says now, and the points that all of it is worth. */
export type PayeeNews = { reports: number; confirmed: boolean; points: number }

/**
 * Tells an open session that its payee was reported. Unconfirmed reports add the points that the ingest has not counted yet,
 * and no step. A confirmed payee raises the session by one tier, once. Null if the session knows all of it.
 */
export const payeeReportedMove = (session: Session, news: PayeeNews, policy: Policy): Move | null => {
  const known = pointsTold(session)
  const points = Math.max(0, Math.min(news.points - known, 100 - session.checkpoint.score))
  const wasConfirmed = session.evaluation.payee_reputation === 'confirmed'
  const isConfirmedNews = news.confirmed && !wasConfirmed
  if (session.status !== 'open' || (points === 0 && !isConfirmedNews)) return null
  const payee_reputation = news.confirmed || wasConfirmed ? 'confirmed' : 'reported'
  const told = withCheckpoint(
    { ...session, evaluation: { ...session.evaluation, payee_reputation } },
    {
      ...withReasons(session, [reasonOf(news, points)]),
      ...(isConfirmedNews ? raiseTier(session, policy) : {}),
    },
  )
  const meta = { confirmed: news.confirmed, reports: news.reports, points, tier: told.checkpoint.tier }
  return moveTo(told, { entries: [bySystem('payee.reported', meta)] })
}

const pointsTold = (session: Session): number =>
  [...session.evaluation.assessment.reasons, ...session.checkpoint.reasons]
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
