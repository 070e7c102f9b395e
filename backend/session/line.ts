import * as z from 'zod/mini'
import { sessionSummary } from '#contract/session-summary'
import type { Session } from './document.ts'
import { sessionSummaryOf } from './summary.ts'

/** What is kept beside a session: what lists show of it. Not strict: lines of before say more, and are as good. */
export const sessionLine = z.object({ summary: sessionSummary })
export type SessionLine = z.infer<typeof sessionLine>

export const sessionLineOf = (session: Session): SessionLine => ({ summary: sessionSummaryOf(session) })
