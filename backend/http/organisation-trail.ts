import * as z from 'zod/mini'
import { auditEntry, auditHead } from '../audit/entry.ts'
import type { Deps } from '../deps.ts'
import { readTrail, trailPageSize } from '../org/read-trail.ts'
import { keyRoute, nothing, type Route } from './route.ts'

const trailPage = z.strictObject({
  entries: z.array(auditEntry),
  /** The link that the first entry continues; null at the beginning of the chain. */
  before: z.nullable(auditHead),
  /** What these entries end in. Keep the newest elsewhere: a trail that was cut off or rewritten later no longer has it. */
  head: z.nullable(auditHead),
  /** Ask again with `after` at this number; null at the end. */
  next: z.nullable(z.int()),
})

/** The organisation's own trail: it covers both environments, and names nobody. */
export const organisationTrailRoutes = (deps: Deps): Route[] => [
  keyRoute('audit:read', {
    method: 'GET',
    path: '/audit/organisation',
    summary:
      'The trail of the organisation: its facts, keys, analysts, policies, and labels outside sessions',
    tag: 'Audit',
    request: {
      ...nothing,
      query: z.strictObject({
        after: z.optional(
          z.string().check(z.regex(/^\d{1,12}$/, { error: 'must be the number of an entry' })),
        ),
      }),
    },
    answers: {
      200: {
        description: `Up to ${trailPageSize} entries behind number \`after\` (default 0), oldest first. One chain for live and test.`,
        schema: trailPage,
      },
    },
    handle: async ({ query, caller }) => ({
      status: 200,
      body: await readTrail(deps, caller.org._id, Number(query.after ?? 0)),
    }),
  }),
]
