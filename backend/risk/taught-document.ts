import * as z from 'zod/mini'

/**
 * Says that a line of a site's history was learned, under the keyed digest of the site's own key for it. A profile forgets
 * single events long before it forgets what they taught, so it can't recognise a line that is brought again.
 */
export const taughtDocument = z.strictObject({
  _id: z.string(),
  org_id: z.string(),
  version: z.int(),
  purge_at: z.nullable(z.int()),
})
