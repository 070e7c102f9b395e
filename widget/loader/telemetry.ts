import type { Telemetry } from '#contract/event'
import { randomText } from './random-text.ts'

/** The site's own storage: it may read the id, and takes it away by removing this item. */
const deviceItem = 'ase_device'
const payeeFields = '[data-ase-payee]'

/** The same at every visit to this site, another one at any other site; null where the browser keeps nothing. */
const deviceId = (): string | null => {
  try {
    const kept = localStorage.getItem(deviceItem) ?? ''
    const id = /^[\d-]{9,43}$/.test(kept) ? kept : randomText()
    localStorage.setItem(deviceItem, id)
    return id
  } catch {
    return null
  }
}

/** The Network Information API, which not every browser has. */
type Connection = { type?: string; effectiveType?: string }

/**
 * Watches the page from now on: how long it is in sight, and whether anything is pasted into a field that carries
 * `data-ase-payee`, or lies in an element that does. What was pasted is never read. Nothing is kept or sent by us; the
 * answer is a function that says what is known now, for the site to pass on in `telemetry` of its event. The README
 * beside this file says field by field what for. Null is unknown.
 */
export const watchPage = (): (() => Telemetry) => {
  let seenMs = 0
  let since = performance.now()
  let isHidden = document.hidden
  let isPasted = false

  const dwellMs = () => {
    const now = performance.now()
    if (!isHidden) seenMs += now - since
    since = now
    isHidden = document.hidden
    return Math.round(seenMs)
  }
  document.addEventListener('visibilitychange', dwellMs)
  const notePaste = ({ target }: Event) => {
    isPasted ||= target instanceof Element && target.closest(payeeFields) !== null
  }
  // On the way down: a site's own handler may stop the event.
  document.addEventListener('paste', notePaste, true)

  return () => {
    const connection: Connection | undefined = Reflect.get(navigator, 'connection')
    return {
      device_id: deviceId(),
      language: navigator.language || null,
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone || null,
      screen: { width: screen.width, height: screen.height, pixel_ratio: devicePixelRatio },
      connection: connection?.type ?? connection?.effectiveType ?? null,
      payee_pasted: isPasted || document.querySelector(payeeFields) ? isPasted : null,
      dwell_ms: dwellMs(),
    }
  }
}
