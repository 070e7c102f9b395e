import { byPerson, type StepDefinition } from '../move.ts'

/**
 * Names the action, the payee and the place, and asks whether that is exactly it.
 * *Something is different* is an honest correction: it ends this session and nothing else. *Not sure* is an abandonment.
 */
export const confirmAction: StepDefinition = {
  accepts: ['confirm'],

  start: () => ({ kind: 'started', patch: {}, entries: [], effects: [] }),

  submit: (session, submit, { now }) => {
    if (submit.action !== 'confirm') return { kind: 'refused', error: 'out_of_sequence' }
    const { answer } = submit
    const patch = { confirm: { answer, at: now } }
    const entries = [byPerson(session, 'action.confirmed', { answer })]
    switch (answer) {
      case 'confirmed':
        return { kind: 'done', outcome: 'confirmed', patch, entries }
      case 'denied':
        return {
          kind: 'end',
          outcome: 'denied',
          resolution: 'denied',
          cause: null,
          hold: null,
          patch,
          entries,
        }
      case 'not_sure':
        return {
          kind: 'end',
          outcome: 'abandoned',
          resolution: 'abandoned',
          cause: 'abandoned',
          hold: null,
          patch,
          entries,
        }
    }
  },

  view: () => ({ screen: 'confirm_action' }),
}
