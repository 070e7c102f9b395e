import { countedIn } from '../plural.ts'

/** What this folder's language is called, and how it counts. */
export const code = 'en'
export const counted = countedIn(code)
