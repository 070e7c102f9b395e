import * as z from 'zod/mini'
import { storedFields } from '../store/define-collection.ts'

/**
 * Says that a line of a site's history was taken in, under the id of its event. A profile forgets single events long before
 * it forgets what they taught, so it can't recognise a line that is brought again.
 */
export const taughtDocument = z.strictObject({
  ...storedFields,
  /** Keyed digest of the line, to tell another line under the same key; null for one taken in before this was kept. */
  line_digest: z.nullable(z.string()),
  /** The import that brought it, as the trail names it; null for one of before. */
  import_id: z.nullable(z.string()),
})
export type TaughtMark = z.infer<typeof taughtDocument>
