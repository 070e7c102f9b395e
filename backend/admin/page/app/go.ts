import { isTyping } from './focus.ts'
import { startLive, stopLive } from './live.ts'
import { nowhere } from './nowhere.ts'
import { change, state } from './state.ts'
import type { View, Visit } from './view.ts'

/** Moving between views: by links, by the browser's own buttons, by keys. */

let views: readonly View[] = []

/** The list's line that was opened last: coming back puts the focus there again. */
let lastOpened: string | null = null

const visitAt = (href: string): Visit => {
  const url = new URL(href, location.href)
  for (const view of views) {
    const visit = view.open(url)
    if (visit !== null) return visit
  }
  throw new Error(`no view has the address ${href}`)
}

/** The views that have a place in the header, in its order. */
export const rooms = (): readonly View[] => views.filter(({ room }) => room !== null)

/** The address of a view's room in the environment that the address names; of the first room for a view without one. */
export const roomHref = (view: View | undefined, environment = state().visit?.environment ?? null): string =>
  (view?.room ?? rooms()[0]?.room)?.href(environment) ?? '/'

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
    const isRoom = state().visit?.view.room != null
    const target = isRoom && line !== null ? line : heading
    target?.focus({ preventScroll: target === heading })
  })
}

/** Opens what the address names. Nothing of the visit before is kept: not what it read, not what was filled in. */
export const arrive = async (): Promise<void> => {
  const visit = visitAt(location.href)
  change({ visit })
  await visit.read()
  const { me, visit: stands } = state()
  if (me === null || me === 'unknown') return stopLive()
  if (stands !== visit) return
  startLive()
  settleFocus()
}

/** Goes to an address of ours. */
export const go = (href: string): void => {
  if (visitAt(href).view.room === null) lastOpened = href
  history.pushState(null, '', href)
  scrollTo(0, 0)
  void arrive()
}

/** Up: from what is inside a room to the room, from a room to the first one. */
export const goUp = (): void => {
  const { visit } = state()
  if (visit?.view.goesBack === true && history.length > 1 && lastOpened !== null) history.back()
  else go(roomHref(visit?.view.within ?? undefined))
}

const ownLink = (event: MouseEvent): HTMLAnchorElement | null => {
  if (event.defaultPrevented || event.button !== 0) return null
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null
  const link = event.target instanceof Element ? event.target.closest('a') : null
  return link !== null && link.origin === location.origin && link.target === '' ? link : null
}

/** Takes over links of our own; whoever wants a new tab still gets one. */
const followLinks = (): void => {
  document.addEventListener('click', (event) => {
    const link = ownLink(event)
    if (link === null || link.getAttribute('href')?.startsWith('#')) return
    event.preventDefault()
    go(link.getAttribute('href') ?? '/')
  })
  addEventListener('popstate', () => void arrive())
}

/** Says which views there are, and follows links to them from now on. */
export const openViews = (list: readonly View[]): void => {
  views = [...list, nowhere]
  followLinks()
}
