import { html, type TemplateResult } from 'lit/html.js'
import type { RegionView } from '#contract/session-view'

const format = (at: number, { locale, time_zone, is_own }: RegionView) =>
  new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: new Intl.DateTimeFormat(locale, { hour: 'numeric' }).resolvedOptions().hour12
      ? 'numeric'
      : '2-digit',
    minute: '2-digit',
    timeZone: time_zone,
    timeZoneName: is_own ? undefined : 'short',
  }).format(at)

/** A point in time by the habits of the person's region; the time zone is named where it may not be theirs. */
export const moment = (at: number, region: RegionView): TemplateResult =>
  html`<time datetime=${new Date(at).toISOString()}>${format(at, region)}</time>`

/**
 * The same moment on the clock of the browser that shows it; null where the text says that already. So nothing changes under
 * the eyes of a person whose time zone the server knew, or who lives in their bank's.
 */
export const localMoment = (at: number, region: RegionView): string | null => {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions()
  return timeZone === region.time_zone ? null : format(at, { ...region, time_zone: timeZone, is_own: true })
}
