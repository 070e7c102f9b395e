import type { EffectivenessBy, ReportDays } from '#contract/effectiveness'
import { type Environment, environment } from '#contract/environment'
import type { Outcome } from '#contract/outcome'

/** Where the analyst is: everything that is on the screen stands in the address, so that it can be sent to a colleague. */

export type Filter = {
  outcome: Outcome | null
  status: 'open' | 'resolved' | null
  user: string | null
  /** A case reference, which is found in both environments. */
  reference: string | null
}

export type Place = {
  /** Null when the address says nothing about it. */
  environment: Environment | null
  view:
    | { name: 'sessions'; filter: Filter }
    | { name: 'session'; id: string }
    | { name: 'incidents' }
    | { name: 'incident'; id: string }
    | { name: 'reports' }
    | { name: 'effectiveness'; by: EffectivenessBy; days: ReportDays }
    | { name: 'backtests' }
    | { name: 'backtest'; id: string }
    | { name: 'policies' }
    | { name: 'policy'; id: string }
    | { name: 'trail' }
    | { name: 'nowhere' }
}

const outcomes: readonly Outcome[] = ['allow', 'delay_verify', 'block_escalate']
/** In the order in which they are offered. */
export const reportLengths: readonly ReportDays[] = ['7', '30', '90']
export const reportKinds: readonly EffectivenessBy[] = ['tier', 'text_version', 'rule', 'action']
const statuses = ['open', 'resolved'] as const
const environments = environment.options

const oneOf = <Value extends string>(values: readonly Value[], text: string | null): Value | null =>
  values.find((value) => value === text) ?? null

const viewOf = (path: string, query: URLSearchParams): Place['view'] => {
  const [, room = '', id] = path.split('/')
  if (path === '/') {
    const filter = {
      outcome: oneOf(outcomes, query.get('outcome')),
      status: oneOf(statuses, query.get('status')),
      user: query.get('user'),
      reference: query.get('reference'),
    }
    return { name: 'sessions', filter }
  }
  if (room === 'sessions' && id !== undefined) return { name: 'session', id }
  if (room === 'incidents') return id === undefined ? { name: 'incidents' } : { name: 'incident', id }
  if (room === 'backtests') return id === undefined ? { name: 'backtests' } : { name: 'backtest', id }
  if (path === '/effectiveness') {
    const by = oneOf(reportKinds, query.get('by')) ?? 'tier'
    return { name: 'effectiveness', by, days: oneOf(reportLengths, query.get('days')) ?? '30' }
  }
  if (room === 'policy') return id === undefined ? { name: 'policies' } : { name: 'policy', id }
  if (path === '/trail') return { name: 'trail' }
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
    case 'backtest':
      return `/backtests/${view.id}`
    case 'backtests':
      return '/backtests'
    case 'effectiveness':
      return '/effectiveness'
    case 'incidents':
      return '/incidents'
    case 'reports':
      return '/reports'
    case 'trail':
      return '/trail'
    case 'policies':
      return '/policy'
    case 'policy':
      return `/policy/${view.id}`
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
  if (view.name === 'effectiveness') {
    query.set('by', view.by)
    query.set('days', view.days)
  }
  const text = query.toString()
  return pathOf(view) + (text === '' ? '' : `?${text}`)
}

export const noFilter: Filter = { outcome: null, status: null, user: null, reference: null }

export const effectivenessAtFirst: Place['view'] = { name: 'effectiveness', by: 'tier', days: '30' }
