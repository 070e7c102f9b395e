import type { Page } from 'playwright-core'
import type { Started } from './system.ts'

/** What `npm run screens` films: a reel walks a page through its screens and takes a picture of each. */
export type Camera = (name: string, whole?: boolean) => Promise<void>
export type Reel = (page: Page, started: Started, shoot: Camera) => Promise<void>
