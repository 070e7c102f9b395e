import type { Screen, SessionView } from '#contract/session-view'
import type { Submit } from '#contract/submit'
import { answer, show } from '../../backend/checkpoint.ts'
import type { Session } from '../../backend/session/document.ts'
import { calmAnswers } from '../support/calm-answers.ts'
import { codeIn } from '../support/client.ts'
import type { World } from '../support/world.ts'
import type { Conduct } from './frauds/scheme.ts'

/**
 * What people do at a checkpoint. An honest person says *no* and types the code. A coached victim does exactly the same: how
 * many of them our screens would stop, no simulation knows, so none is counted as stopped. An intruder says *no* too and gets no
 * further than the mailbox, unless it is theirs by now.
 */

const secondsToRead = 20
const screensAtMost = 12

/** Answers a session until it has ended, or until whoever sits there gives up. The clock goes on meanwhile. */
export const answerCheckpoint = async (
  world: World,
  session: Session,
  conduct: Conduct,
): Promise<Session> => {
  let current = session
  for (let screens = 0; screens < screensAtMost && current.status === 'open'; screens += 1) {
    world.advance(secondsToRead * 1000)
    const { view } = await show(world.deps, current, null)
    const submit = await submitTo(world, view.screen, conduct)
    if (submit === null) return current
    current = await send(world, view, submit)
  }
  return current
}

const send = async (world: World, view: SessionView, submit: Submit): Promise<Session> => {
  const answered = await answer(world.deps, view.session_key, view.step_token ?? '', submit)
  if (!answered.ok) throw new Error(`${submit.action}: ${answered.reason}`)
  if (answered.error !== null) throw new Error(`${submit.action}: ${answered.error}`)
  return answered.session
}

/** What is answered to a screen; null when nobody can. */
const submitTo = async (world: World, screen: Screen, conduct: Conduct): Promise<Submit | null> => {
  switch (screen.screen) {
    case 'intent':
      return { action: 'intent', answer: 'no' }
    case 'confirm_action':
      return { action: 'confirm', answer: 'confirmed' }
    case 'questions':
      return { action: 'questions', answer: calmAnswers[screen.question] }
    case 'pause':
      world.advance(Math.max(0, screen.continue_at - world.deps.clock()) + 1000)
      return { action: 'continue' }
    case 'email_code':
      if (conduct === 'intruder') return null
      await world.relay()
      return { action: 'respond', code: codeIn(world) }
    case 'allowed':
    case 'ended':
    case 'break_contact':
      return null
  }
}
