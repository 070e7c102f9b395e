import * as z from 'zod/mini'
import { trailDetail } from '#contract/trail'
import { verifyTrail } from '../../audit/verify.ts'
import { readTrail, trailLength, trailPageSize } from '../../org/read-trail.ts'
import { authorsOf } from '../author-names.ts'
import { type AdminRoute, analystRoute, nothing } from './admin-route.ts'

/** The organisation's trail, newest first, with what the independent reader says of the stretch that is shown. */
const trail = analystRoute({
  method: 'GET',
  path: '/api/trail',
  request: {
    ...nothing,
    query: z.strictObject({ to: z.optional(z.string().check(z.regex(/^[1-9]\d{0,11}$/))) }),
  },
  answer: trailDetail,
  handle: async ({ query, analyst }, deps) => {
    const orgId = analyst.account.org_id
    const to = query.to === undefined ? await trailLength(deps, orgId) : Number(query.to)
    const after = Math.max(0, to - trailPageSize)
    const { entries, before, head } = await readTrail(deps, orgId, after)
    const shown = entries.filter(({ seq }) => seq <= to)
    const last = shown.at(-1)
    const end = last === undefined ? before : { seq: last.seq, hash: last.hash }
    const nameOf = await authorsOf(
      deps,
      orgId,
      shown.map(({ actor }) => actor),
    )
    return {
      status: 200,
      body: {
        entries: shown
          .map(({ seq, at, actor, actor_type, action, meta }) => ({
            seq,
            at,
            actor: nameOf(actor),
            actor_type,
            action,
            meta,
          }))
          .toReversed(),
        verdict: verifyTrail(shown, end, before),
        head: query.to === undefined ? head : null,
        next: after > 0 ? after : null,
      },
    }
  },
})

export const trailRoutes: readonly AdminRoute[] = [trail]
