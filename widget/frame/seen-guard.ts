/**
 * Makes a click count only when the person can have seen what it answers: half a second after the screen appeared and,
 * in a frame, unobscured for all of that time (Intersection Observer v2). It closes two doors: a page that lies over the
 * frame, and the second half of a double click that lands on the next screen's button.
 *
 * Known limit: where the browser can't tell whether a frame is covered, only the time is kept; the high tier then
 * goes to the whole page (`full_page_if_unprovable`).
 */

const settleMs = 500

export type SeenState = 'seen' | 'settling' | 'covered'

/** The part of Intersection Observer v2 that the DOM library doesn't describe yet. */
type VisibilityInit = IntersectionObserverInit & { trackVisibility: true; delay: number }

/** Whether this browser can tell that nothing lies over the frame. */
export const provesVisibility = (): boolean =>
  'IntersectionObserverEntry' in globalThis && 'isVisible' in IntersectionObserverEntry.prototype

const isCovered = (entry: IntersectionObserverEntry): boolean =>
  entry.isIntersecting && !('isVisible' in entry && entry.isVisible === true)

export class SeenGuard {
  readonly #framed: boolean
  readonly #covered = new Set<Element>()
  readonly #inView = new Set<Element>()
  #observer: IntersectionObserver | undefined
  #settled = false
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(framed: boolean) {
    this.#framed = framed
  }

  /** Takes a screen that was there before the script as seen, outside a frame; in a frame it must prove itself. */
  watchFirst(main: Element): void {
    if (this.#framed) this.watch(main)
    else this.#settled = true
  }

  /** Begins anew with a screen that has just appeared. */
  watch(main: Element): void {
    this.#observer?.disconnect()
    this.#covered.clear()
    this.#inView.clear()
    this.#restart()
    if (!(this.#framed && provesVisibility())) return
    const options: VisibilityInit = { trackVisibility: true, delay: 100, threshold: [0, 0.25, 0.5, 0.75, 1] }
    this.#observer = new IntersectionObserver((entries) => this.#note(entries), options)
    for (const part of main.children) this.#observer.observe(part)
  }

  get state(): SeenState {
    if (this.#covered.size > 0) return 'covered'
    return this.#settled ? 'seen' : 'settling'
  }

  #note(entries: IntersectionObserverEntry[]): void {
    const before = this.#covered.size
    for (const entry of entries) {
      if (isCovered(entry)) this.#covered.add(entry.target)
      else this.#covered.delete(entry.target)
      if (entry.isIntersecting) this.#inView.add(entry.target)
      else this.#inView.delete(entry.target)
    }
    if (this.#covered.size > 0) this.#hold()
    else if (before > 0 || this.#timer === undefined) this.#restart()
  }

  #hold(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#settled = false
    document.documentElement.dataset['guard'] = ''
  }

  #restart(): void {
    this.#hold()
    this.#timer = setTimeout(() => {
      if (this.#observer && this.#inView.size === 0) return this.#restart()
      this.#settled = true
      delete document.documentElement.dataset['guard']
    }, settleMs)
  }
}
