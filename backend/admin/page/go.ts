import { startLive, stopLive } from './live.ts'
import { load } from './load.ts'
import { hrefOf, noFilter, type Place, placeOf } from './place.ts'
import { change, state } from './state.ts'
import { isTyping } from './typing.ts'

/** Moving between places: by links, by the browser's own buttons, by keys. */

/** The list's line that was opened last: coming back puts the focus there again. */
let lastOpened: string | null = null

const isList = (place: Place): boolean =>
  ['sessions', 'incidents', 'reports', 'policies', 'effectiveness', 'backtests', 'trail'].includes(
    place.view.name,
  )

/**
 * After a move the focus is where reading begins: at the line that was left, or at the heading. Whoever types already keeps
 * it: taken away in the middle of a case reference, its digits would be commands and lead elsewhere.
 */
const settleFocus = (): void => {
  requestAnimationFrame(() => {
    if (isTyping(document.activeElement)) return
    const line =
      lastOpened === null ? null : document.querySelector<HTMLElement>(`a[href="${CSS.escape(lastOpened)}"]`)
    const heading = document.querySelector<HTMLElement>('h1')
    const target = isList(state().place) && line !== null ? line : heading
    target?.focus({ preventScroll: target === heading })
  })
}

const arrive = async (): Promise<void> => {
  const place = placeOf(new URL(location.href))
  change({
    place,
    loaded: { kind: 'loading' },
    waiting: [],
    release: null,
    verdictMistake: null,
    labelMistake: null,
    policyMove: null,
    backtestMistake: null,
    explained: null,
    notFound: null,
  })
  await load()
  const { me } = state()
  if (me === null || me === 'unknown') return stopLive()
  startLive()
  settleFocus()
}

/** Goes to an address of ours. */
export const go = (href: string): void => {
  if (!isList(placeOf(new URL(href, location.href)))) lastOpened = href
  history.pushState(null, '', href)
  scrollTo(0, 0)
  void arrive()
}

/** Up: from a session, an incident or a version to its list. */
export const goUp = (): void => {
  const { environment, view } = state().place
  if (view.name === 'backtest') go(hrefOf({ environment, view: { name: 'backtests' } }))
  else if (view.name === 'incident') go(hrefOf({ environment, view: { name: 'incidents' } }))
  else if (view.name === 'policy') go(hrefOf({ environment, view: { name: 'policies' } }))
  else if (view.name === 'session' && history.length > 1 && lastOpened !== null) history.back()
  else go(hrefOf({ environment, view: { name: 'sessions', filter: noFilter } }))
}

const ownLink = (event: MouseEvent): HTMLAnchorElement | null => {
  if (event.defaultPrevented || event.button !== 0) return null
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null
  const link = event.target instanceof Element ? event.target.closest('a') : null
  return link !== null && link.origin === location.origin && link.target === '' ? link : null
}

/** Takes over links of our own; whoever wants a new tab still gets one. */
export const followLinks = (): void => {
  document.addEventListener('click', (event) => {
    const link = ownLink(event)
    if (link === null || link.getAttribute('href')?.startsWith('#')) return
    event.preventDefault()
    go(link.getAttribute('href') ?? '/')
  })
  addEventListener('popstate', () => void arrive())
}

export const begin = arrive
