import type { EntryDraft } from '../audit/entry.ts'
import type { Session, SessionStep } from './document.ts'
import { byPerson } from './move.ts'

/**
 * What is known of when a step was on a screen. Ingest prepares the first step, and reading the page writes nothing, since
 * mail scanners and previews read it too: so *shown* begins with the first sign from the page itself, its script's call or a
 * submit. Every later step is the answer to a submit, and is shown when it is prepared.
 */

type Times = Pick<SessionStep, 'started_at' | 'finished_at'>
type Seen = {
  checkpoint: Pick<Session['checkpoint'], 'opened_at' | 'turn'> & { steps: readonly Times[] }
}

/** The first sign that the page was open, or null. Sessions of before this was kept have at least their first answer. */
export const firstSignOf = ({ checkpoint }: Seen): number | null => {
  const { opened_at, turn, steps } = checkpoint
  if (opened_at !== null || turn === 0) return opened_at
  const [first] = steps
  return first?.finished_at ?? first?.started_at ?? null
}

/** Since when a step is known to have been on a screen; null when there is no sign of it. */
export const shownAt = (session: Seen, step: Times): number | null => {
  const sign = firstSignOf(session)
  return sign === null || step.started_at === null ? null : Math.max(sign, step.started_at)
}

/**
 * How long a step stood before it ended, in milliseconds; null when that is not known. Where the submit that ended it is the
 * only sign of the page, it is counted from when the step was prepared: no less is known.
 */
export const dwellOf = (session: Seen, step: Times): number | null => {
  const shown = shownAt(session, step)
  if (shown === null || step.started_at === null || step.finished_at === null) return null
  return step.finished_at - (shown < step.finished_at ? shown : step.started_at)
}

/** What the trail says with the first sign of an open session; nothing when there was one before, or nothing is open. */
export const firstSignEntries = (session: Session, evidence: 'script' | 'submit'): EntryDraft[] => {
  const step = session.checkpoint.steps[session.checkpoint.position]
  const isFirst =
    session.status === 'open' && session.checkpoint.opened_at === null && session.checkpoint.turn === 0
  return isFirst && step !== undefined
    ? [byPerson(session, 'step.started', { step: step.type, evidence })]
    : []
}
