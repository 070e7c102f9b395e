import type { StepWords } from '../step-words.ts'

export const questions: StepWords = { title: 'Specific questions', short: 'questions' }
