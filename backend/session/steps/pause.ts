import { secondMs } from '#contract/durations'
import { byPerson, type StepDefinition } from '../move.ts'

/**
 * A pause that the server keeps: whoever controls the screen can click, but can't make time pass. A submit before its end
 * is refused and changes nothing.
 */
export const pause: StepDefinition = {
  accepts: ['continue'],

  start: (session, { now, policy }) => ({
    kind: 'started',
    patch: { pause_until: now + policy.pause_seconds[session.tier] * secondMs },
    entries: [],
    effects: [],
  }),

  submit: (session, submit, { now }) => {
    if (submit.action !== 'continue') return { kind: 'refused', error: 'out_of_sequence' }
    if (session.pause_until === null || now < session.pause_until)
      return { kind: 'refused', error: 'pause_not_over' }
    return { kind: 'done', outcome: 'waited', patch: {}, entries: [byPerson(session, 'pause.ended')] }
  },

  view: (session, now) => ({ screen: 'pause', continue_at: session.pause_until ?? now }),
}
