import { bySystem } from '../audit/actors.ts'
import type { Deps } from '../deps.ts'
import type { Session } from '../session/document.ts'
import { end } from '../session/endings.ts'
import { noted, written } from '../session/write.ts'
import { commit, nowFor, transitionAttempts } from './sessions.ts'
import { systemContext } from './system-context.ts'

/**
 * What became of a code's message. A message that could not be handed over in time ends the session as
 * `delivery_failed`: nobody is let through because a mail server was down.
 */
export const noteDelivery = async (
  deps: Deps,
  place: { org_id: string; _id: string },
  generation: number,
  delivery: 'sent' | 'retrying' | 'failed',
): Promise<void> => {
  for (let attempt = 0; attempt < transitionAttempts; attempt += 1) {
    const session = await deps.collections.sessions.get(place.org_id, place._id)
    if (session === null || !isAwaited(session, generation)) return
    if (session.code?.delivery === delivery) return
    const now = nowFor(deps, session)
    const next =
      delivery === 'failed'
        ? await failed(deps, session, generation, now)
        : progressed(session, generation, delivery, now)
    if ((await commit(deps, next, session)) !== null) return
  }
  throw new Error(`delivery of ${place._id} could not be written: too many changes at once`)
}

/** Only the newest message of an open session matters. */
const isAwaited = (session: Session, generation: number): boolean =>
  session.status === 'open' && session.code?.generation === generation

const progressed = (
  session: Session,
  generation: number,
  delivery: 'sent' | 'retrying',
  now: number,
): Session => {
  const code = session.code === null ? null : { ...session.code, delivery }
  return noted({ ...session, code }, [bySystem(`code.${delivery}`, { generation })], now)
}

const failed = async (deps: Deps, session: Session, generation: number, now: number): Promise<Session> => {
  const ending = {
    resolution: 'delivery_failed',
    cause: null,
    hold: null,
    outcome: 'delivery_failed',
  } as const
  const move = end(session, ending, await systemContext(deps, session, now))
  return written(
    { ...move, entries: [bySystem('code.delivery_failed', { generation }), ...move.entries] },
    now,
  )
}
