import { go, goUp } from './go.ts'
import { admit } from './lines.ts'
import { load } from './load.ts'
import { effectivenessAtFirst, hrefOf, noFilter, type Place } from './place.ts'
import { change, state } from './state.ts'
import { isTyping } from './typing.ts'

/** The keyboard: j and k walk, enter opens (a link does that by itself), esc goes up, / searches, n and r bring news. */

/** The next or previous line; in a story, the next or previous chapter. */
const walk = (step: 1 | -1): void => {
  const stops = [...document.querySelectorAll<HTMLElement>('[data-stop]')]
  const at = stops.findIndex((stop) => stop.matches(':focus'))
  const target = stops[at < 0 ? (step === 1 ? 0 : stops.length - 1) : at + step]
  target?.focus()
  target?.scrollIntoView({ block: 'nearest' })
}

/** Shows the sessions that wait above the list. */
export const showWaiting = (): void => {
  const { loaded, waiting } = state()
  if (loaded.kind !== 'sessions') return
  const after = admit({ lines: loaded.lines, waiting })
  change({ loaded: { ...loaded, lines: after.lines }, waiting: after.waiting })
}

/** What was searched for last stays readable in the field; the next thing typed takes its place. */
const search = (): void => {
  const field = document.querySelector<HTMLInputElement>('#search')
  field?.focus()
  field?.select()
}

const visit = (view: Place['view']): void => go(hrefOf({ environment: state().place.environment, view }))

const commands: Record<string, () => void> = {
  j: () => walk(1),
  k: () => walk(-1),
  n: showWaiting,
  r: () => void load(),
  '/': search,
  Escape: goUp,
  '1': () => visit({ name: 'sessions', filter: noFilter }),
  '2': () => visit({ name: 'incidents' }),
  '3': () => visit({ name: 'reports' }),
  '4': () => visit({ name: 'policies' }),
  '5': () => visit(effectivenessAtFirst),
  '6': () => visit({ name: 'backtests' }),
  '7': () => visit({ name: 'trail' }),
}

export const listenToKeys = (): void => {
  document.addEventListener('keydown', (event) => {
    const { me } = state()
    if (me === null || me === 'unknown' || event.metaKey || event.ctrlKey || event.altKey) return
    if (isTyping(event.target)) {
      if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur()
      return
    }
    const command = commands[event.key]
    if (command === undefined) return
    event.preventDefault()
    command()
  })
}
