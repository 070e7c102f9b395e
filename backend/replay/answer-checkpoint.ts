import type { Screen, SessionView } from '#contract/session-view'
import type { Submit } from '#contract/submit'
import { answer, show } from '../checkpoint.ts'
import type { Session } from '../session/document.ts'
import { calmAnswers } from './calm-answers.ts'
import type { PrivateEngine } from './private-engine.ts'

/**
 * What people do at a checkpoint. An honest person says *no* and types the code. A coached victim does exactly the same: how
 * many of them our screens would stop, no replay knows, so none is counted as stopped. An intruder says *no* too and gets no
 * further than the mailbox, unless it is theirs by now.
 */

/**
 * Who answers at a checkpoint, and what. `self`: an honest person. `coached`: a victim who says what they were told to say, and
 * types the code. `intruder`: somebody else, who says *no* and has no mailbox; `intruder_with_mailbox` reads the code.
 */
export type Conduct = 'self' | 'coached' | 'intruder' | 'intruder_with_mailbox'

const secondsToRead = 20
const screensAtMost = 12

/** Answers a session until it has ended, or until whoever sits there gives up. The clock goes on meanwhile. */
export const answerCheckpoint = async (
  engine: PrivateEngine,
  session: Session,
  conduct: Conduct,
): Promise<Session> => {
  let current = session
  for (let screens = 0; screens < screensAtMost && current.status === 'open'; screens += 1) {
    engine.advance(secondsToRead * 1000)
    const { view } = await show(engine.deps, current, null)
    const submit = await submitTo(engine, view.screen, conduct)
    if (submit === null) return current
    current = await send(engine, view, submit)
  }
  return current
}

const send = async ({ deps }: PrivateEngine, view: SessionView, submit: Submit): Promise<Session> => {
  const answered = await answer(deps, view.session_key, view.step_token ?? '', submit)
  if (!answered.ok) throw new Error(`${submit.action}: ${answered.reason}`)
  if (answered.error !== null) throw new Error(`${submit.action}: ${answered.error}`)
  return answered.session
}

/** What is answered to a screen; null when nobody can. */
const submitTo = async (engine: PrivateEngine, screen: Screen, conduct: Conduct): Promise<Submit | null> => {
  switch (screen.screen) {
    case 'intent':
      return { action: 'intent', answer: 'no' }
    case 'confirm_action':
      return { action: 'confirm', answer: 'confirmed' }
    case 'questions':
      return { action: 'questions', answer: calmAnswers[screen.question] }
    case 'pause':
      engine.advance(Math.max(0, screen.continue_at - engine.deps.clock()) + 1000)
      return { action: 'continue' }
    case 'email_code':
      if (conduct === 'intruder') return null
      await engine.relay()
      return { action: 'respond', code: engine.newestCode() }
    case 'allowed':
    case 'ended':
    case 'break_contact':
      return null
  }
}
