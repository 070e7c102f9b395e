import type { BacktestAnswer, BacktestHead } from '#contract/backtest'
import type { EffectivenessReport, ReportDays } from '#contract/effectiveness'
import type { Environment } from '#contract/environment'
import type { ReleaseForm } from '#contract/hold'
import type { IncidentDetail, IncidentPage } from '#contract/incident'
import type { Me } from '#contract/login'
import type { ExplainedRules, PolicyDetail, PolicyMoveForm, PolicyPage } from '#contract/policy-detail'
import type { ReportPage } from '#contract/scam-report'
import type { SessionDetail } from '#contract/session-detail'
import type { SessionSummary } from '#contract/session-summary'
import type { TrailDetail } from '#contract/trail'
import type { Refusal } from './api.ts'
import { type Place, placeOf } from './place.ts'

/** What is loaded for the view that stands. */
export type Loaded =
  | { kind: 'loading' }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'sessions'; lines: readonly SessionSummary[]; next: string | null; searchedTo: number | null }
  /** `stale`: the session has changed since it was read. */
  | { kind: 'session'; story: SessionDetail; stale: boolean }
  | { kind: 'incidents'; incidents: IncidentPage['incidents']; next: string | null }
  | { kind: 'incident'; story: IncidentDetail }
  | { kind: 'effectiveness'; report: EffectivenessReport; days: ReportDays }
  | { kind: 'backtests'; backtests: readonly BacktestHead[] }
  | { kind: 'backtest'; backtest: BacktestAnswer }
  | { kind: 'reports'; reports: ReportPage['reports']; next: string | null }
  | ({ kind: 'policies' } & PolicyPage)
  | ({ kind: 'trail' } & TrailDetail)
  | { kind: 'policy'; story: PolicyDetail }

/** A release that waits for the analyst's second look, or went wrong. */
export type Release = { wish: ReleaseForm; stage: 'filling' | 'checking'; mistake: string | null }

/** Why a label was refused, and by which form: the one for a new label, or that of a label that stands. */
export type LabelMistake = { at: string; words: string }
/** A move of a version, from the moment that its form is open. */
export type PolicyMove = {
  wish: PolicyMoveForm
  stage: 'filling' | 'checking'
  mistake: string | null
}

/** Why the rules matched the session on the screen or did not, once somebody asked. */
export type Explained = 'loading' | ExplainedRules | Refusal | null

export type State = {
  /** `unknown` until the server has said who is here. */
  me: Me | null | 'unknown'
  /** Why the login form stands there, or what went wrong with it. */
  loginMessage: string | null
  place: Place
  loaded: Loaded
  /** New sessions that wait above the list, so that nothing moves under the reader's eyes. */
  waiting: readonly SessionSummary[]
  live: 'off' | 'connecting' | 'on'
  /** A request of the reader's is under way. */
  busy: boolean
  /** A hold that is being released: from the moment that the form is filled in. */
  release: Release | null
  /** Why a verdict was not taken. */
  verdictMistake: string | null
  labelMistake: LabelMistake | null
  policyMove: PolicyMove | null
  /** Why a backtest did not start. */
  backtestMistake: string | null
  explained: Explained
  /** What a search did not find. */
  notFound: string | null
  now: number
}

const initial = (): State => ({
  me: 'unknown',
  loginMessage: null,
  place: placeOf(new URL(location.href)),
  loaded: { kind: 'loading' },
  waiting: [],
  live: 'off',
  busy: false,
  release: null,
  verdictMistake: null,
  labelMistake: null,
  policyMove: null,
  backtestMistake: null,
  explained: null,
  notFound: null,
  now: Date.now(),
})

let current = initial()
let scheduled = false
let draw = (): void => {}

export const state = (): State => current

/** Says who draws; every change draws once, after the code that made it. */
export const drawWith = (drawer: () => void): void => {
  draw = drawer
}

export const change = (patch: Partial<State>): void => {
  current = { ...current, ...patch }
  if (scheduled) return
  scheduled = true
  queueMicrotask(() => {
    scheduled = false
    draw()
  })
}

/** What is shown when the address says nothing. */
export const environmentShown = (): Environment =>
  current.place.environment ??
  (current.me === null || current.me === 'unknown' ? 'live' : current.me.begin_with)
