import { helpdesk } from './helpdesk.ts'
import { plumber } from './plumber.ts'
import { rent } from './rent.ts'
import { safeAccount } from './safe-account.ts'
import type { Story } from './story.ts'

export const stories: readonly Story[] = [safeAccount, helpdesk, plumber, rent]

export const storyById = (id: string): Story | undefined => stories.find((story) => story.id === id)
