import type { Outcome } from '#contract/outcome'
import type { Environment } from '../../http/admin/shapes.ts'

/** Where the analyst is: everything that is on the screen stands in the address, so that it can be sent to a colleague. */

export type Filter = { outcome: Outcome | null; status: 'open' | 'resolved' | null; user: string | null }

export type Place = {
  /** Null when the address says nothing about it. */
  environment: Environment | null
  view:
    | { name: 'sessions'; filter: Filter }
    | { name: 'session'; id: string }
    | { name: 'incidents' }
    | { name: 'incident'; id: string }
    | { name: 'reports' }
    | { name: 'nowhere' }
}

const outcomes: readonly Outcome[] = ['allow', 'delay_verify', 'block_escalate']
const statuses = ['open', 'resolved'] as const
const environments = ['live', 'test'] as const

const oneOf = <Value extends string>(values: readonly Value[], text: string | null): Value | null =>
  values.find((value) => value === text) ?? null

const viewOf = (path: string, query: URLSearchParams): Place['view'] => {
  const [, room = '', id] = path.split('/')
  if (path === '/') {
    const filter = {
      outcome: oneOf(outcomes, query.get('outcome')),
      status: oneOf(statuses, query.get('status')),
      user: query.get('user'),
    }
    return { name: 'sessions', filter }
  }
  if (room === 'sessions' && id !== undefined) return { name: 'session', id }
  if (room === 'incidents') return id === undefined ? { name: 'incidents' } : { name: 'incident', id }
  return path === '/reports' ? { name: 'reports' } : { name: 'nowhere' }
}

export const placeOf = (url: URL): Place => ({
  environment: oneOf(environments, url.searchParams.get('environment')),
  view: viewOf(url.pathname, url.searchParams),
})

const pathOf = (view: Place['view']): string => {
  switch (view.name) {
    case 'session':
      return `/sessions/${view.id}`
    case 'incident':
      return `/incidents/${view.id}`
    case 'incidents':
      return '/incidents'
    case 'reports':
      return '/reports'
    case 'sessions':
    case 'nowhere':
      return '/'
  }
}

/** The address of a place. */
export const hrefOf = ({ environment, view }: Place): string => {
  const query = new URLSearchParams()
  if (environment !== null) query.set('environment', environment)
  const filter = view.name === 'sessions' ? view.filter : null
  for (const [name, value] of Object.entries(filter ?? {})) if (value !== null) query.set(name, value)
  const text = query.toString()
  return pathOf(view) + (text === '' ? '' : `?${text}`)
}

export const noFilter: Filter = { outcome: null, status: null, user: null }
