import type { Telemetry } from '#contract/event'
import { failed, type Opened, type OpenOptions } from './opened.ts'
import { openPopup } from './popup.ts'
import { type GuardedFetch, protectWith } from './protect.ts'
import { openRedirect } from './redirect.ts'
import { sessionUrl } from './session-url.ts'
import { watchPage } from './telemetry.ts'

export type Engine = {
  open: (options: OpenOptions) => Promise<Opened>
  protect: (send: typeof fetch, options?: Omit<OpenOptions, 'url'>) => GuardedFetch
  /** What the browser says of itself now: JSON for `telemetry` of the event. At once, so that a submit handler can use it. */
  telemetry: () => Telemetry
}

/** Every browser that has constructed style sheets has modal dialogs. */
const hasDialogs = () => 'adoptedStyleSheets' in document

/**
 * The loader's functions for one checkpoint origin. One dialog at a time: a second `open()` of the same URL is given
 * the first one's promise, and other URLs wait for their turn. The promises never reject.
 */
export const createEngine = (checkpointOrigin: string | null): Engine => {
  const running = new Map<string, Promise<Opened>>()
  let last: Promise<unknown> = Promise.resolve()

  const start = async (url: URL, options: OpenOptions): Promise<Opened> => {
    const popup = options.mode === 'popup' || (options.mode !== 'redirect' && hasDialogs())
    if (!popup) return openRedirect(url.href)
    // A frame of the page's own origin could remove its own sandbox.
    if (url.origin === location.origin) return failed('origin_not_allowed')
    return openPopup(url, options)
  }

  const announce = (opened: Opened, { onEvent }: OpenOptions) => {
    const { status } = opened
    onEvent?.(status === 'resolved' ? 'complete' : status === 'expired' ? 'expire' : 'error', opened)
    return opened
  }

  const open = (options: OpenOptions): Promise<Opened> => {
    const url = sessionUrl(options.url, checkpointOrigin)
    if (typeof url === 'string') return Promise.resolve(announce(failed(url), options))
    const already = running.get(url.href)
    if (already) return already
    const opening = last
      .then(() => start(url, options))
      .catch(() => failed('unreachable'))
      .finally(() => running.delete(url.href))
    last = opening.then((opened) => announce(opened, options)).catch(() => {})
    running.set(url.href, opening)
    return opening
  }

  return { open, protect: protectWith(open), telemetry: watchPage() }
}
