import type { EventResult, NotTaughtReason, TaughtThing } from '#contract/event-result'
import { teachesByItself } from '../risk/enforcement.ts'
import { taughtBy } from '../risk/taught.ts'
import type { ReportedResult, Session } from './document.ts'

/**
 * What the site has said of an event, as its session remembers it: each word once, the newest last. Pure. Sessions of
 * before this was kept remember nothing, and hear a repeat as if it were said for the first time.
 */

type Told = Pick<Session, 'results'>

/** The later words that end an earlier one: it was a scam or not, and it happened or not. */
const endedBy: Record<EventResult, readonly EventResult[]> = {
  completed: ['failed', 'abandoned'],
  failed: ['completed'],
  abandoned: ['completed'],
  reported_scam: ['retracted'],
  retracted: ['reported_scam'],
}

/** What was said and still stands: a word that takes another back ends it, and the reverse. */
export const standing = ({ results }: Told, result: EventResult): ReportedResult | null => {
  const at = results.findIndex((one) => one.result === result)
  const said = results[at]
  if (said === undefined) return null
  return results.slice(at).some((later) => endedBy[result].includes(later.result)) ? null : said
}

/** The session with this word as the newest, in the place of the same word of before. */
export const remembering = (session: Session, said: ReportedResult): Session => ({
  ...session,
  results: [...session.results.filter(({ result }) => result !== said.result), said],
})

/** Whether the action went ahead, as far as anybody told us: its token was spent, or the site says that it did it. */
const wasCarriedOut = (session: Pick<Session, 'decision' | 'results'>): boolean =>
  session.decision?.redemption === 'valid' || session.results.some(({ result }) => result === 'completed')

/**
 * Whether the site's last word is that it did not happen. Said before the token was spent, it is overtaken: the payment was
 * let go after that.
 */
export const cameToNothing = ({ decision, results }: Pick<Session, 'decision' | 'results'>): boolean => {
  const spentAt = decision?.used_at ?? 0
  const last = results.findLast(({ result }) => result in outcomes)
  return last !== undefined && last.result !== 'completed' && last.at >= spentAt
}

const outcomes = { completed: true, failed: true, abandoned: true }

export type Lesson = { taught: TaughtThing[]; not_taught: NotTaughtReason | null }

const nothing = (reason: NotTaughtReason): Lesson => ({ taught: [], not_taught: reason })

/** What `completed` teaches: only what was allowed, not held at the last moment, and no scam's, is usual for a person. */
export const lessonOfCompletion = (session: Session): Lesson => {
  if (standing(session, 'reported_scam') !== null) return nothing('reported_as_scam')
  if (session.status === 'open') return nothing('still_open')
  if (session.decision?.redemption === 'held') return nothing('held')
  return session.ending.resolution === 'allowed'
    ? { taught: taughtBy(session.event, session.created_at), not_taught: null }
    : nothing('not_allowed')
}

/** What the profile takes from a session by now: its lesson, that it was carried out, or the lesson back. */
export const teachingOf = (session: Session): 'lesson' | 'carried_out' | 'nothing' | 'taken_back' => {
  if (teachesByItself(session.evaluation.observed)) return cameToNothing(session) ? 'nothing' : 'lesson'
  if (standing(session, 'reported_scam') !== null) return 'taken_back'
  if (cameToNothing(session)) return 'nothing'
  return standing(session, 'completed') === null ? 'carried_out' : 'lesson'
}

/** What a reported scam takes back of what its event taught. */
export const takenBackBy = (session: Session): TaughtThing[] =>
  teachesByItself(session.evaluation.observed)
    ? []
    : (standing(session, 'completed')?.taught.filter((thing) => thing === 'device' || thing === 'payee') ??
      [])

/**
 * Whether the site's word on a scam weighs in full: the payment went out, and whoever says so may label. Otherwise it is a
 * report like a person's, because a key that sends events could else brand anybody whom it names.
 */
export const whyNotInFull = (session: Session, mayLabel: boolean): NotTaughtReason | null =>
  wasCarriedOut(session) ? (mayLabel ? null : 'key_lacks_scope') : 'not_carried_out'
