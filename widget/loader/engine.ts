import { failed, type Opened, type OpenOptions } from './opened.ts'
import { openPopup } from './popup.ts'
import { protectWith } from './protect.ts'
import { openRedirect } from './redirect.ts'
import { sessionUrl } from './session-url.ts'

export type Engine = {
  open: (options: OpenOptions) => Promise<Opened>
  protect: (send: typeof fetch) => typeof fetch
}

const hasDialogs = () => 'HTMLDialogElement' in globalThis && 'adoptedStyleSheets' in document

/**
 * The loader's two functions for one checkpoint origin. One dialog at a time: a second `open()` of the same URL is given
 * the first one's promise, and other URLs wait for their turn. The promises never reject.
 */
export const createEngine = (checkpointOrigin: string | null): Engine => {
  const running = new Map<string, Promise<Opened>>()
  let last: Promise<unknown> = Promise.resolve()

  const start = async (href: string, origin: string, options: OpenOptions): Promise<Opened> => {
    const popup = options.mode === 'popup' || (options.mode !== 'redirect' && hasDialogs())
    if (!popup) return openRedirect(href)
    // A frame of the page's own origin could remove its own sandbox.
    if (origin === location.origin) return failed('origin_not_allowed')
    return openPopup(href, origin, options)
  }

  const announce = (opened: Opened, { onEvent }: OpenOptions) => {
    if (opened.status === 'resolved') onEvent?.('complete', opened)
    else onEvent?.(opened.status === 'expired' ? 'expire' : 'error', opened)
  }

  const open = (options: OpenOptions): Promise<Opened> => {
    const checked = sessionUrl(options.url, checkpointOrigin)
    if (!checked.ok || checkpointOrigin === null) {
      const refused = failed(checked.ok ? 'origin_not_allowed' : checked.reason)
      announce(refused, options)
      return Promise.resolve(refused)
    }
    const already = running.get(checked.href)
    if (already) return already
    const opening = last
      .then(() => start(checked.href, checkpointOrigin, options))
      .catch(() => failed('unreachable'))
      .finally(() => running.delete(checked.href))
    last = opening.then((opened) => announce(opened, options)).catch(() => {})
    running.set(checked.href, opening)
    return opening
  }

  return { open, protect: protectWith(open) }
}
