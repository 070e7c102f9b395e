import type { StepWords } from '../step-words.ts'

export const pause: StepWords = { title: 'Enforced pause', short: 'pause' }
