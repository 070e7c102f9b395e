import * as z from 'zod/mini'
import { text } from '#contract/text'
import { trailDetail, trailEntry } from '#contract/trail'
import { auditEntry, auditHead } from '../audit/entry.ts'
import { verifyTrail } from '../audit/verify.ts'
import type { Deps } from '../deps.ts'
import { readTrail, trailLength, trailPageSize } from '../org/read-trail.ts'
import { authorsOf } from './author-names.ts'
import { declaredOf } from './declared.ts'
import { analystRoute, keyRoute, nothing, type Route } from './route.ts'
import { ownSession } from './sessions.ts'

/** Audit trails: of one session, and the organisation's own, which covers both environments and names nobody. */
export const trailRoutes = (deps: Deps): Route[] => [
  ofSession(deps),
  ofOrganisation(deps),
  ofOrganisationAtDesk(deps),
]

const sessionTrail = z.strictObject({
  session_id: z.string(),
  entries: z.array(auditEntry),
  /** Keep it: a trail that was cut off later no longer ends in it. */
  head: z.nullable(auditHead),
})

const ofSession = (deps: Deps): Route =>
  keyRoute('audit:read', {
    method: 'GET',
    path: '/audit',
    problems: ['not_found'],
    summary: 'The audit trail of one session, with the head that it ends in',
    tag: 'Audit',
    request: { ...nothing, query: z.strictObject({ session: text(64) }) },
    answers: { 200: { description: 'The trail, oldest entry first.', schema: sessionTrail } },
    handle: async ({ query, caller }) => {
      const { _id, audit } = await ownSession(deps, caller, query.session)
      return { status: 200, body: { session_id: _id, entries: audit.entries, head: audit.head } }
    },
  })

const organisationTrail = z.strictObject({
  entries: z.array(auditEntry),
  /** The link that the first entry continues; null at the beginning of the chain. */
  before: z.nullable(auditHead),
  /** What these entries end in. Keep the newest elsewhere: a trail that was cut off or rewritten later no longer has it. */
  head: z.nullable(auditHead),
  /** Ask again with `after` at this number; null at the end. */
  next: z.nullable(z.int()),
})

const ofOrganisation = (deps: Deps): Route =>
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
        schema: organisationTrail,
      },
    },
    handle: async ({ query, caller }) => ({
      status: 200,
      body: await readTrail(deps, caller.org._id, Number(query.after ?? 0)),
    }),
  })

/** Newest first, with what the independent reader says of the stretch that is shown. */
const ofOrganisationAtDesk = (deps: Deps): Route =>
  analystRoute({
    method: 'GET',
    path: '/api/trail',
    summary: 'The trail of the organisation, newest first, with the independent check of what is shown',
    request: {
      ...nothing,
      query: z.strictObject({ to: z.optional(z.string().check(z.regex(/^[1-9]\d{0,11}$/))) }),
    },
    answers: {
      200: {
        description: `Up to ${trailPageSize} entries up to number \`to\` (default: the last).`,
        schema: trailDetail,
      },
    },
    handle: async ({ query, caller: { account } }) => {
      const orgId = account.org_id
      const to = query.to === undefined ? await trailLength(deps, orgId) : Number(query.to)
      const after = Math.max(0, to - trailPageSize)
      const { entries, before, head } = await readTrail(deps, orgId, after)
      const shown = entries.filter(({ seq }) => seq <= to)
      const last = shown.at(-1)
      const end = last === undefined ? before : { seq: last.seq, hash: last.hash }
      const actors = shown.map(({ actor }) => actor)
      const nameOf = await authorsOf(deps, orgId, actors)
      return {
        status: 200,
        body: {
          entries: shown
            .map((entry) => ({ ...declaredOf(trailEntry, entry), actor: nameOf(entry.actor) }))
            .toReversed(),
          integrity: verifyTrail(shown, end, before),
          head: query.to === undefined ? head : null,
          next: after > 0 ? after : null,
        },
      }
    },
  })
