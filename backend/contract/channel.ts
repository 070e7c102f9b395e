import * as z from 'zod/mini'

/** How a person's decision reached us: at the analysts' desk, or from the site's backend. */
export const channel = z.enum(['analyst', 'api'])
export type Channel = z.infer<typeof channel>
