import { html, type TemplateResult } from 'lit/html.js'

const format = (at: number, language: string, timeZone?: string) =>
  new Intl.DateTimeFormat(language, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: 'numeric',
    minute: '2-digit',
    timeZone,
    timeZoneName: timeZone ? 'short' : undefined,
  }).format(at)

/** A point in time. The server knows no one's time zone, so it says UTC; the script puts the person's own in its place. */
export const moment = (at: number, language: string): TemplateResult =>
  html`<time datetime=${new Date(at).toISOString()}>${format(at, language, 'UTC')}</time>`

/** The same moment on the person's own clock. */
export const localMoment = (at: number, language: string): string => format(at, language)
