import type * as z from 'zod/mini'
import { found } from '#contract/search'
import { get } from './api.ts'
import { go } from './go.ts'
import { to } from './link.ts'
import { answerHere, notice } from './visit.ts'

/** The search in the header. */

type Results = z.infer<typeof found>['results']

/**
 * The one page that results lead to, or null when they are several: one incident with its own sessions is one, and so is a
 * session alone. Two people who were given the same reference are not.
 */
const hrefFound = (results: Results): string | null => {
  const sessions = results.flatMap((one) => (one.kind === 'session' ? [one.session] : []))
  const incidents = results.flatMap((one) => (one.kind === 'incident' ? [one.incident] : []))
  const [incident, otherIncident] = incidents
  const [session, otherSession] = sessions
  if (incident !== undefined && otherIncident === undefined)
    return sessions.every(({ incident_id: id }) => id === incident.id)
      ? to('/incidents/:id', { id: incident.id }, incident.environment)
      : null
  if (incident === undefined && session !== undefined && otherSession === undefined)
    return to('/sessions/:id', { id: session.id }, session.environment)
  return null
}

/** What was found under one reference, as a list. */
const hrefOfList = ([first]: Results): string | null => {
  if (first === undefined) return null
  const { case_reference: reference } = first.kind === 'session' ? first.session : first.incident
  return to('/?reference', { reference })
}

/** An id or a case reference leads to its page; anything else is taken for the site's id of a person. */
export const search = async (text: string): Promise<void> => {
  const query = text.trim()
  if (query === '') return
  const answer = await answerHere(get(found, `/api/search?q=${encodeURIComponent(query)}`))
  if (answer === null) return
  if (!answer.ok) return notice.set(answer.detail)
  const { results } = answer.value
  const href = hrefFound(results) ?? hrefOfList(results)
  if (href !== null) return go(href)
  if (/^(ses|evt|inc)_/.test(query)) return notice.set(`Nothing has the id ${query}.`)
  go(to('/?user', { user: query }))
}
