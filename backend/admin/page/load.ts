import { backtestAnswer, backtestList } from '#contract/backtest'
import { effectivenessReport } from '#contract/effectiveness'
import { incidentDetail, incidentPage } from '#contract/incident'
import { policyDetail, policyPage } from '#contract/policy-detail'
import { reportPage } from '#contract/scam-report'
import { sessionDetail } from '#contract/session-detail'
import { sessionPage } from '#contract/session-summary'
import { trailDetail } from '#contract/trail'
import type { Answer, Refusal } from './api.ts'
import { get } from './api.ts'
import type { Filter, Place } from './place.ts'
import { change, environmentShown, type Loaded, state } from './state.ts'

/** Reads what the place shows. An answer for a place that was left meanwhile is dropped. */

const listPath = (
  room: string,
  filter: Partial<Filter> | { by: string; days: string },
  cursor: string | null,
): string => {
  const query = new URLSearchParams({ environment: environmentShown() })
  for (const [name, value] of Object.entries({ ...filter, cursor }))
    if (value !== null && value !== undefined) query.set(name, value)
  return `/api/${room}?${query}`
}

const mapped = <Value>(answer: Answer<Value>, to: (value: Value) => Loaded): Loaded | Refusal =>
  answer.ok ? to(answer.value) : answer

const read = async (view: Place['view'], cursor: string | null): Promise<Loaded | Refusal> => {
  switch (view.name) {
    case 'sessions':
      return mapped(await get(sessionPage, listPath('sessions', view.filter, cursor)), (page) => ({
        kind: 'sessions',
        lines: page.sessions,
        next: page.next,
        searchedTo: page.searched_to,
      }))
    case 'session':
      return mapped(await get(sessionDetail, `/api/sessions/${encodeURIComponent(view.id)}`), (story) => ({
        kind: 'session',
        story,
        stale: false,
      }))
    case 'incidents':
      return mapped(await get(incidentPage, listPath('incidents', {}, cursor)), (page) => ({
        kind: 'incidents',
        ...page,
      }))
    case 'incident':
      return mapped(await get(incidentDetail, `/api/incidents/${encodeURIComponent(view.id)}`), (story) => ({
        kind: 'incident',
        story,
      }))
    case 'reports':
      return mapped(await get(reportPage, listPath('scam-reports', {}, cursor)), (page) => ({
        kind: 'reports',
        ...page,
      }))
    case 'effectiveness': {
      const { by, days } = view
      const path = listPath('effectiveness', { by, days }, null)
      return mapped(await get(effectivenessReport, path), (report) => ({
        kind: 'effectiveness',
        report,
        days,
      }))
    }
    case 'backtests':
      return mapped(await get(backtestList, listPath('backtests', {}, null)), (list) => ({
        kind: 'backtests',
        ...list,
      }))
    case 'backtest':
      return mapped(
        await get(backtestAnswer, `/api/backtests/${encodeURIComponent(view.id)}`),
        (backtest) => ({
          kind: 'backtest',
          backtest,
        }),
      )
    case 'policies':
      return mapped(await get(policyPage, listPath('policies', {}, cursor)), (page) => ({
        kind: 'policies',
        ...page,
      }))
    case 'policy':
      return mapped(
        await get(policyDetail, listPath(`policies/${encodeURIComponent(view.id)}`, {}, null)),
        (story) => ({ kind: 'policy', story }),
      )
    case 'trail':
      return mapped(
        await get(trailDetail, cursor === null ? '/api/trail' : `/api/trail?to=${cursor}`),
        (story) => ({
          kind: 'trail',
          ...story,
        }),
      )
    case 'nowhere':
      return { ok: false, reason: 'absent', detail: 'There is no such page.' }
  }
}

/** A login that has ended takes everything that was on the screen with it. */
export const loginEnded = (): void =>
  change({
    me: null,
    loaded: { kind: 'loading' },
    waiting: [],
    busy: false,
    release: null,
    verdictMistake: null,
    labelMistake: null,
    policyMove: null,
    backtestMistake: null,
    explained: null,
    loginMessage: 'Your login has ended. Log in again and you are back at this page.',
  })

const refused = (refusal: Refusal): void =>
  refusal.reason === 'login' ? loginEnded() : change({ loaded: { kind: 'refused', refusal }, busy: false })

/** Reads the place that the address names. */
export const load = async (): Promise<void> => {
  const { place } = state()
  change({ busy: true })
  const answer = await read(place.view, null)
  if (state().place !== place) return
  if ('ok' in answer) return refused(answer)
  change({ loaded: answer, waiting: [], busy: false, now: Date.now() })
}

const appended = (before: Loaded, more: Loaded): Loaded => {
  if (before.kind === 'sessions' && more.kind === 'sessions')
    return { ...more, lines: [...before.lines, ...more.lines] }
  if (before.kind === 'incidents' && more.kind === 'incidents')
    return { ...more, incidents: [...before.incidents, ...more.incidents] }
  if (before.kind === 'reports' && more.kind === 'reports')
    return { ...more, reports: [...before.reports, ...more.reports] }
  // What stands is the newest stretch: an older one that is broken breaks the whole.
  if (before.kind === 'trail' && more.kind === 'trail')
    return {
      ...more,
      entries: [...before.entries, ...more.entries],
      head: before.head,
      verdict: more.verdict.ok ? before.verdict : more.verdict,
    }
  if (before.kind === 'policies' && more.kind === 'policies')
    return { ...more, policies: [...before.policies, ...more.policies] }
  return more
}

/** Reads the next page of a list and puts it below. */
export const loadMore = async (): Promise<void> => {
  const { place, loaded, busy } = state()
  const next = 'next' in loaded ? loaded.next : null
  if (next === null || busy) return
  change({ busy: true })
  const answer = await read(place.view, `${next}`)
  if (state().place !== place) return
  if ('ok' in answer) return refused(answer)
  change({ loaded: appended(state().loaded, answer), busy: false })
}
