import type { EnforcedExtent } from '#contract/enforcement-detail'
import { type Environment, environment } from '#contract/environment'
import type { Me } from '#contract/login'
import type { Visit } from './view.ts'

/** What the shell knows. What a view has read and what is being filled in there belongs to its visit. */

export type State = {
  /** `unknown` until the server has said who is here. */
  me: Me | null | 'unknown'
  login: {
    /** Why the login form stands there, or what went wrong with it. */
    message: string | null
    busy: boolean
  }
  /** The view that stands; null while nobody is logged in. */
  visit: Visit | null
  live: 'off' | 'connecting' | 'on'
  now: number
}

let current: State = {
  me: 'unknown',
  login: { message: null, busy: false },
  visit: null,
  live: 'off',
  now: Date.now(),
}
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

/** The environment that an address names; null when it says nothing about it. */
export const environmentIn = (url: URL): Environment | null =>
  environment.options.find((one) => one === url.searchParams.get('environment')) ?? null

/** What is shown: what the address names, else what the organisation begins with. */
export const environmentShown = (): Environment => {
  const { me, visit } = current
  return visit?.environment ?? (me === null || me === 'unknown' ? 'live' : me.begin_with)
}

/** How much of what is decided is carried out in what is shown. */
export const extentShown = (): EnforcedExtent => {
  const { me } = current
  return me === null || me === 'unknown' ? 'all' : me.organisation.enforced[environmentShown()]
}

/** Takes everything off the screen and asks for a login, with a word about why. */
export const leaveDesk = (message: string): void =>
  change({ me: null, visit: null, login: { message, busy: false } })

export const loginEnded = (): void =>
  leaveDesk('Your login has ended. Log in again and you are back at this page.')
