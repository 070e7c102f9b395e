import * as z from 'zod/mini'
import { backtestAnswer } from '#contract/backtest'
import { type Answer, post } from './api.ts'
import { go } from './go.ts'
import { load, loginEnded } from './load.ts'
import { hrefOf } from './place.ts'
import { change, environmentShown, state } from './state.ts'

/** Asks, and goes on when it was done; what went wrong stands beside the button. */
const ask = async <Value>(asked: () => Promise<Answer<Value>>, then: () => void): Promise<void> => {
  const { busy, place } = state()
  if (busy) return
  change({ busy: true, backtestMistake: null })
  const answer = await asked()
  if (state().place !== place) return
  change({ busy: false })
  if (answer.ok) return then()
  if (answer.reason === 'login') return loginEnded()
  change({ backtestMistake: answer.detail })
}

const pathOf = (id: string, what: 'cancel' | 'remove'): string => `/api/backtests/${id}/${what}`

/** Calls a backtest off that has not ended. */
export const callOffBacktest = (id: string): Promise<void> =>
  ask(
    () => post(backtestAnswer, pathOf(id, 'cancel'), {}),
    () => void load(),
  )

/** Removes one that has ended, and goes back to the list. */
export const removeBacktest = (id: string): Promise<void> =>
  ask(
    () => post(z.null(), pathOf(id, 'remove'), {}),
    () => go(hrefOf({ environment: environmentShown(), view: { name: 'backtests' } })),
  )
