import { backtestAnswer } from '#contract/backtest'
import { post } from './api.ts'
import { go } from './go.ts'
import { loginEnded } from './load.ts'
import { hrefOf } from './place.ts'
import { change, environmentShown, state } from './state.ts'

export const backtestDays = 30

/** Starts a backtest of the version over the last days, as they were decided then, and goes to it. */
export const beginBacktest = async (policy: string): Promise<void> => {
  const { busy, place } = state()
  if (busy) return
  change({ busy: true, backtestMistake: null })
  const environment = environmentShown()
  const answer = await post(backtestAnswer, '/api/backtests', {
    environment,
    policy,
    against: 'stored',
    days: backtestDays,
  })
  if (state().place !== place) return
  change({ busy: false })
  if (answer.ok) return go(hrefOf({ environment, view: { name: 'backtest', id: answer.value.id } }))
  if (answer.reason === 'login') return loginEnded()
  change({ backtestMistake: answer.detail })
}
