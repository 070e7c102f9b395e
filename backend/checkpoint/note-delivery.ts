import { bySystem } from '../audit/actors.ts'
import type { Deps } from '../deps.ts'
import { sessionById } from '../repositories/sessions.ts'
import type { Session } from '../session/document.ts'
import { end } from '../session/endings.ts'
import { type Move, moveTo } from '../session/move.ts'
import { changeSession } from '../transitions/change-session.ts'
import { systemContext } from '../transitions/system-context.ts'

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
  const noted = await changeSession<null>(deps, sessionById(deps, place), async (session, now) => {
    if (!isAwaited(session, generation) || session.code?.delivery === delivery) return { answer: null }
    const move =
      delivery === 'failed'
        ? await failed(deps, session, generation, now)
        : progressed(session, generation, delivery)
    return { move, reply: () => null }
  })
  if (!noted.ok && noted.reason === 'busy')
    throw new Error(`delivery of ${place._id} could not be written: too many changes at once`)
}

/** Only the newest message of an open session matters. */
const isAwaited = (session: Session, generation: number): boolean =>
  session.status === 'open' && session.code?.generation === generation

const progressed = (session: Session, generation: number, delivery: 'sent' | 'retrying'): Move => {
  const code = session.code === null ? null : { ...session.code, delivery }
  return moveTo({ ...session, code }, { entries: [bySystem(`code.${delivery}`, { generation })] })
}

const failed = async (deps: Deps, session: Session, generation: number, now: number): Promise<Move> => {
  const ending = {
    resolution: 'delivery_failed',
    cause: null,
    hold: null,
    outcome: 'delivery_failed',
  } as const
  const move = end(session, ending, await systemContext(deps, session, now))
  return { ...move, entries: [bySystem('code.delivery_failed', { generation }), ...move.entries] }
}
