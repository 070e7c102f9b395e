import * as z from 'zod/mini'
import { confirmAnswer, confirmAction as contract } from '#contract/steps/confirm-action'
import { byPerson } from '../move.ts'
import { oneAnswer } from '../one-answer.ts'
import { lifeOfType, type StepDefinition, type StepResult } from '../step-definition.ts'
import { storedStep } from '../stored-step.ts'

const stored = storedStep(contract, z.strictObject({ answer: confirmAnswer, at: z.int() }))
type Confirmation = z.infer<typeof stored>

/**
 * Names the action, the payee and the place, and asks whether that is exactly it.
 * *Something is different* is an honest correction: it ends this session and nothing else. *Not sure* is an abandonment.
 */
export const confirmAction: StepDefinition<typeof stored> = {
  stored,
  life: lifeOfType<Confirmation>('confirm_action', (own) => ({
    start: () => ({ kind: 'started', step: own, entries: [], effects: [] }),

    submit: (submit, session, { now }): StepResult => {
      if (submit.action !== 'confirm') return { kind: 'refused', error: 'out_of_sequence' }
      const { answer } = submit
      const as = (outcome: Confirmation['outcome']): Confirmation => ({
        ...own,
        state: { answer, at: now },
        outcome,
      })
      const told = { patch: {}, entries: [byPerson(session, 'action.confirmed', { answer })] }
      const end = { kind: 'end', hold: null, ...told } as const
      switch (answer) {
        case 'confirmed':
          return { kind: 'done', step: as('confirmed'), ...told }
        case 'denied':
          return { ...end, step: as('denied'), resolution: 'denied', cause: null }
        case 'not_sure':
          return { ...end, step: as('abandoned'), resolution: 'abandoned', cause: 'abandoned' }
      }
    },

    view: () => ({ screen: 'confirm_action' }),

    answers: () => oneAnswer(own),
  })),
}
