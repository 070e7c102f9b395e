import type { StepWords } from '../step-words.ts'

export const emailCode: StepWords = {
  title: 'Mailbox confirmation',
  short: 'mail code',
  message: 'code by mail',
}
