import * as z from 'zod/mini'
import { loginAnswer, me } from '#contract/login'
import { get, post } from './api.ts'
import { arrive } from './go.ts'
import { stopLive } from './live.ts'
import { change, leaveDesk, loginEnded, state } from './state.ts'
import { notice } from './visit.ts'

/** Logging in and out, and staying logged in while somebody works. */

/** Nobody is kept out by what others guess; from a browser without a login before, it takes a little longer. */
const waiting = (seconds: number): string =>
  `Somebody has tried many wrong passwords for this address. Leave this page open: you go on in ${seconds} seconds.`

const tell = (message: string | null, busy = false): void => change({ login: { message, busy } })

export const logIn = async (email: string, password: string): Promise<void> => {
  tell(null, true)
  let ticket: string | undefined
  for (;;) {
    const answer = await post(loginAnswer, '/api/login', { email, password, ticket })
    if (!answer.ok) return tell(answer.detail)
    if ('email' in answer.value) {
      tell(null)
      change({ me: answer.value })
      return arrive()
    }
    const { wait_seconds: seconds } = answer.value
    ticket = answer.value.ticket
    tell(waiting(seconds), true)
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  }
}

export const logOut = async (): Promise<void> => {
  stopLive()
  const answer = await post(z.null(), '/api/logout', {})
  if (!answer.ok && answer.reason !== 'login') return notice.set(answer.detail)
  leaveDesk('You are logged out.')
}

/** Asks who is here; the login form follows when nobody is. */
export const recogniseMe = async (): Promise<void> => {
  const answer = await get(me, '/api/me')
  if (answer.ok) {
    change({ me: answer.value })
    return arrive()
  }
  change({ me: null })
  tell(answer.reason === 'login' ? null : answer.detail)
}

/** Asks again, where something has changed of the organisation. */
export const refreshMe = async (): Promise<void> => {
  const answer = await get(me, '/api/me')
  if (answer.ok) change({ me: answer.value })
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
