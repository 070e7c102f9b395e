import * as z from 'zod/mini'
import { sessionView } from './session-view.ts'

/** What the server writes into the checkpoint's page for its script: the element with id `view`. */
export const pageBoot = z.strictObject({
  view: sessionView,
  /** Origins of the organisation's own pages: the only ones that the frame talks to. */
  allowed_parents: z.array(z.string()),
})
export type PageBoot = z.infer<typeof pageBoot>
