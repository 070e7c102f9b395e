import type { Variants } from '../../texts.ts'
import { neverCalls } from '../actions.ts'

/** The first question, in each of its wordings. */
const questions: Variants<{ heading: string; explanation: string }> = [
  {
    heading: 'Is someone telling you what to do?',
    explanation: 'On a call, in a chat, or by looking at your screen.',
  },
  {
    heading: 'Is anyone guiding you through this right now?',
    explanation: 'By phone, in messages, or by sharing your screen.',
  },
  {
    heading: 'Is someone talking you through this right now?',
    explanation: 'On the phone, in a chat, or on your screen.',
  },
]

export const intent = {
  questions,
  neverCalls,
  answers: { no: 'No, this is my own idea', yes: 'Yes, someone is', not_sure: 'I’m not sure' },
}
