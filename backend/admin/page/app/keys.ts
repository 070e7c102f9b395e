import { isTyping } from './focus.ts'
import { go, goUp, rooms } from './go.ts'
import { state } from './state.ts'

/** The keyboard: what it does everywhere, the rooms by their numbers, and what the view that stands adds. */

/** The next or previous line of a list, or section of a detail. */
const walk = (step: 1 | -1): void => {
  const stops = [...document.querySelectorAll<HTMLElement>('[data-stop]')]
  const at = stops.findIndex((stop) => stop.matches(':focus'))
  const target = stops[at < 0 ? (step === 1 ? 0 : stops.length - 1) : at + step]
  target?.focus()
  target?.scrollIntoView({ block: 'nearest' })
}

/** What was searched for last stays readable in the field; the next thing typed takes its place. */
const search = (): void => {
  const field = document.querySelector<HTMLInputElement>('#search')
  field?.focus()
  field?.select()
}

type Command = {
  keys: readonly string[]
  shown: readonly string[]
  words: string
  press: (key: string) => void
}

/** Everywhere, in the order in which they are explained. Enter is the browser's own: it follows the link. */
const everywhere: readonly Command[] = [
  { keys: ['j', 'k'], shown: ['j', 'k'], words: 'walk', press: (key) => walk(key === 'j' ? 1 : -1) },
  { keys: [], shown: ['enter'], words: 'open', press: () => {} },
  { keys: ['Escape'], shown: ['esc'], words: 'back', press: goUp },
  { keys: ['/'], shown: ['/'], words: 'find', press: search },
  { keys: ['n'], shown: ['n'], words: 'new ones', press: () => state().visit?.admit() },
  { keys: ['r'], shown: ['r'], words: 'read again', press: () => void state().visit?.read() },
]

const ofView = (): readonly Command[] =>
  (state().visit?.keys ?? []).map(({ key, words, press }) => ({ keys: [key], shown: [key], words, press }))

/** What the keyboard does here, for the line at the bottom. */
export const keysHere = (): readonly { shown: readonly string[]; words: string }[] => [
  ...everywhere,
  ...ofView(),
]

const roomAt = (key: string): string | undefined =>
  /^[1-9]$/.test(key) ? rooms()[Number(key) - 1]?.room?.href(state().visit?.environment ?? null) : undefined

const command = (key: string): (() => void) | null => {
  const found = [...everywhere, ...ofView()].find(({ keys }) => keys.includes(key))
  if (found !== undefined) return () => found.press(key)
  const href = roomAt(key)
  return href === undefined ? null : () => go(href)
}

export const listenToKeys = (): void => {
  document.addEventListener('keydown', (event) => {
    const { me } = state()
    if (me === null || me === 'unknown' || event.metaKey || event.ctrlKey || event.altKey) return
    if (isTyping(event.target)) {
      if (event.key === 'Escape' && event.target instanceof HTMLElement) event.target.blur()
      return
    }
    const press = command(event.key)
    if (press === null) return
    event.preventDefault()
    press()
  })
}
