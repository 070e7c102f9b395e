import type { CodeDelivery } from '#contract/steps/code'
import type { Deps } from '../deps.ts'
import { sessionById } from '../repositories/sessions.ts'
import type { Session } from '../session/document.ts'
import { end } from '../session/endings.ts'
import { currentLife, currentStep, withCurrentStep } from '../session/life-of.ts'
import { type Move, moveTo } from '../session/move.ts'
import type { MessageRef } from '../session/step-definition.ts'
import { changeSession } from '../transitions/change-session.ts'
import { systemContext } from '../transitions/system-context.ts'

type Known = Exclude<CodeDelivery, 'sending'> | 'failed'

/**
 * What became of a step's message. A message that could not be handed over in time ends the session as
 * `delivery_failed`: nobody is let through because a mail server was down.
 */
export const noteDelivery = async (
  deps: Deps,
  ref: { org_id: string; _id: string },
  message: MessageRef,
  delivery: Known,
): Promise<void> => {
  const noted = await changeSession<null>(deps, sessionById(deps, ref), async (session, now) => {
    const move = await afterDelivery(deps, session, now, message, delivery)
    return move === null ? { answer: null } : { move, reply: () => null }
  })
  if (!noted.ok && noted.reason === 'busy')
    throw new Error(`delivery of ${ref._id} could not be written: too many changes at once`)
}

/** What it changes, or null: only the newest message of an open step matters, and each news once. */
const afterDelivery = async (
  deps: Deps,
  session: Session,
  now: number,
  { step: type, generation }: MessageRef,
  delivery: Known,
): Promise<Move | null> => {
  const messaging = currentLife(session)?.messaging
  const isAwaited = session.status === 'open' && currentStep(session)?.type === type
  const news = isAwaited && messaging?.awaits(generation) ? messaging.delivered(delivery) : null
  if (news === null) return null
  const { entries } = news
  const told = withCurrentStep(session, news.step)
  if (delivery !== 'failed') return moveTo(told, { entries })
  const ending = {
    resolution: 'delivery_failed',
    cause: null,
    hold: null,
    outcome: 'delivery_failed',
  } as const
  const move = end(told, ending, await systemContext(deps, session, now))
  return { ...move, entries: [...entries, ...move.entries] }
}
