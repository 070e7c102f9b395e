import * as z from 'zod/mini'
import { secondMs } from '#contract/durations'
import { pause as contract } from '#contract/steps/pause'
import { byPerson } from '../move.ts'
import { lifeOfType, type StepDefinition, type StepResult } from '../step-definition.ts'
import { storedStep } from '../stored-step.ts'

const stored = storedStep(contract, z.strictObject({ until: z.int() }))
type Pause = z.infer<typeof stored>

/**
 * A pause that the server keeps: whoever controls the screen can click, but can't make time pass. A submit before its end
 * is refused and changes nothing.
 */
export const pause: StepDefinition<typeof stored> = {
  stored,
  life: lifeOfType<Pause>('pause', (own) => ({
    start: (session, { now, policy }) => {
      const step: Pause = {
        ...own,
        state: { until: now + policy.pause_seconds[session.checkpoint.tier] * secondMs },
      }
      return { kind: 'started', step, entries: [], effects: [] }
    },

    submit: (submit, session, { now }): StepResult => {
      if (submit.action !== 'continue') return { kind: 'refused', error: 'out_of_sequence' }
      if (own.state === null || now < own.state.until) return { kind: 'refused', error: 'pause_not_over' }
      const step: Pause = { ...own, outcome: 'waited' }
      return { kind: 'done', step, patch: {}, entries: [byPerson(session, 'pause.ended')] }
    },

    view: (_session, now) => ({ screen: 'pause', continue_at: own.state?.until ?? now }),
  })),
}
