import * as z from 'zod/mini'
import { readReferences } from '#contract/case-reference'
import { caseAnswer, found } from '#contract/search'
import type { Deps } from '../deps.ts'
import type { Incident } from '../incident/incident.ts'
import { sessionIdOf } from '../repositories/identity.ts'
import type { Session } from '../session/document.ts'
import { sessionSummaryOf } from '../session/summary.ts'
import { deskIncidentOf } from './incident-answer.ts'
import { analystRoute, nothing, type Route } from './route.ts'

/** What an id or a reference leads to. */

/** One hold gathers every attempt that lands in it under one reference. */
const perReference = 20

type Found = { incidents: Incident[]; sessions: Session[] }

/**
 * Everything that carries the reference which a text means. Of several readings the first that finds something stands;
 * of several finds none is left out, because two people may have been given the same reference.
 */
const byReference = async (deps: Deps, orgId: string, text: string): Promise<Found> => {
  for (const reference of readReferences(text)) {
    const query = { index: 'case', org_id: orgId, equals: [reference], limit: perReference }
    const [incidents, sessions] = await Promise.all([
      deps.collections.incidents.find(query),
      deps.collections.sessions.find({ ...query, order: 'descending' }),
    ])
    if (incidents.length + sessions.length > 0) return { incidents, sessions }
  }
  return { incidents: [], sessions: [] }
}

const byId = async (deps: Deps, orgId: string, id: string): Promise<Found> => {
  const session = /^(ses|evt)_/.test(id) ? await deps.collections.sessions.get(orgId, sessionIdOf(id)) : null
  const incident = id.startsWith('inc_') ? await deps.collections.incidents.get(orgId, id) : null
  return {
    incidents: incident === null ? [] : [incident],
    sessions: session === null ? [] : [session],
  }
}

const typedText = z.string().check(z.minLength(1), z.maxLength(128))

const byCase = (deps: Deps): Route =>
  analystRoute({
    method: 'GET',
    path: '/api/cases/:reference',
    summary: 'Everything that carries a case reference, in both environments',
    request: { ...nothing, params: z.strictObject({ reference: typedText }) },
    answers: {
      200: {
        description: 'Sessions and incidents; several people may share a reference.',
        schema: caseAnswer,
      },
    },
    handle: async ({ params, caller }) => {
      const { incidents, sessions } = await byReference(deps, caller.account.org_id, params.reference)
      return {
        status: 200,
        body: { incidents: incidents.map(deskIncidentOf), sessions: sessions.map(sessionSummaryOf) },
      }
    },
  })

const search = (deps: Deps): Route =>
  analystRoute({
    method: 'GET',
    path: '/api/search',
    summary: 'What an id or a case reference leads to',
    request: { ...nothing, query: z.strictObject({ q: typedText }) },
    answers: { 200: { description: 'Sessions, then incidents.', schema: found } },
    handle: async ({ query, caller }) => {
      const orgId = caller.account.org_id
      const text = query.q.trim()
      const isId = /^(ses|evt|inc)_/.test(text)
      const { incidents, sessions } = await (isId ? byId : byReference)(deps, orgId, text)
      const results = [
        ...sessions.map((one) => ({ kind: 'session' as const, session: sessionSummaryOf(one) })),
        ...incidents.map((one) => ({ kind: 'incident' as const, incident: deskIncidentOf(one) })),
      ]
      return { status: 200, body: { results } }
    },
  })

export const searchRoutes = (deps: Deps): Route[] => [byCase(deps), search(deps)]
