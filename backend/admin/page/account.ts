import * as z from 'zod/mini'
import { loginAnswer, me } from '#contract/login'
import { found } from '#contract/search'
import { get, post } from './api.ts'
import { begin, go } from './go.ts'
import { stopLive } from './live.ts'
import { loginEnded } from './load.ts'
import { hrefOf, noFilter, type Place } from './place.ts'
import { change, state } from './state.ts'

/** Logging in and out, staying logged in while somebody works, and the search in the header. */

export const logIn = async (email: string, password: string): Promise<void> => {
  change({ busy: true, loginMessage: null })
  let ticket: string | undefined
  for (;;) {
    const answer = await post(loginAnswer, '/api/login', { email, password, ticket })
    if (!answer.ok) return change({ busy: false, loginMessage: answer.detail })
    if ('email' in answer.value) {
      change({ busy: false, loginMessage: null, me: answer.value })
      return begin()
    }
    const { wait_seconds: seconds } = answer.value
    ticket = answer.value.ticket
    change({ loginMessage: waiting(seconds) })
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  }
}

/** Nobody is kept out by what others guess; from a browser without a login before, it takes a little longer. */
const waiting = (seconds: number): string =>
  `Somebody has tried many wrong passwords for this address. Leave this page open: you go on in ${seconds} seconds.`

export const logOut = async (): Promise<void> => {
  stopLive()
  const answer = await post(z.null(), '/api/logout', {})
  if (!answer.ok && answer.reason !== 'login') return change({ notFound: answer.detail })
  change({ me: null, loaded: { kind: 'loading' }, waiting: [], loginMessage: 'You are logged out.' })
}

/** Asks who is here; the login form follows when nobody is. */
export const recogniseMe = async (): Promise<void> => {
  const answer = await get(me, '/api/me')
  if (answer.ok) {
    change({ me: answer.value })
    return begin()
  }
  change({ me: null, loginMessage: answer.reason === 'login' ? null : answer.detail })
}

const keepAliveEveryMs = 4 * 60_000
let keptAliveAt = Date.now()

/** Somebody who scrolls and types is not idle, even when nothing has to be read from the server. */
export const keepAliveWhileUsed = (): void => {
  const used = (): void => {
    const { me: here } = state()
    if (here === null || here === 'unknown' || Date.now() - keptAliveAt < keepAliveEveryMs) return
    keptAliveAt = Date.now()
    void get(me, '/api/me').then((answer) => {
      if (answer.ok) change({ me: answer.value })
      else if (answer.reason === 'login') loginEnded()
    })
  }
  for (const name of ['keydown', 'pointerdown', 'wheel']) addEventListener(name, used, { passive: true })
}

type Results = z.infer<typeof found>['results']

/**
 * The one place that results lead to, or null when they are several: one incident with its own sessions is one place, and
 * so is a session alone. Two people who were given the same reference are not.
 */
export const placeFound = (results: Results): Place | null => {
  const sessions = results.flatMap((one) => (one.kind === 'session' ? [one.session] : []))
  const incidents = results.flatMap((one) => (one.kind === 'incident' ? [one.incident] : []))
  const [incident, otherIncident] = incidents
  const [session, otherSession] = sessions
  if (incident !== undefined && otherIncident === undefined)
    return sessions.every(({ incident_id: id }) => id === incident.id)
      ? { environment: incident.environment, view: { name: 'incident', id: incident.id } }
      : null
  if (incident === undefined && session !== undefined && otherSession === undefined)
    return { environment: session.environment, view: { name: 'session', id: session.id } }
  return null
}

/** What was found under one reference, as a list. */
const listFound = (results: Results, environment: Place['environment']): Place | null => {
  const [first] = results
  if (first === undefined) return null
  const { case_reference: reference } = first.kind === 'session' ? first.session : first.incident
  return { environment, view: { name: 'sessions', filter: { ...noFilter, reference } } }
}

/** An id or a case reference leads to its page; anything else is taken for the site's id of a person. */
export const search = async (text: string): Promise<void> => {
  const query = text.trim()
  if (query === '') return
  const { environment } = state().place
  const answer = await get(found, `/api/search?q=${encodeURIComponent(query)}`)
  if (!answer.ok) return answer.reason === 'login' ? loginEnded() : change({ notFound: answer.detail })
  const { results } = answer.value
  const place = placeFound(results) ?? listFound(results, environment)
  if (place !== null) return go(hrefOf(place))
  if (/^(ses|evt|inc)_/.test(query)) return change({ notFound: `Nothing has the id ${query}.` })
  go(hrefOf({ environment, view: { name: 'sessions', filter: { ...noFilter, user: query } } }))
}
