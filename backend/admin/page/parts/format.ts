/** Figures and times as an analyst reads them: the reader's own locale and time zone, exact values one hover away. */

const second = 1000
const minute = 60 * second
const hour = 60 * minute
const day = 24 * hour

/** Minor units with their currency: `10,000.00 USD`. */
export const money = (amount: { value: number; currency: string }): string => {
  const digits = new Intl.NumberFormat('en', {
    style: 'currency',
    currency: amount.currency,
  }).resolvedOptions().maximumFractionDigits
  const places = digits ?? 2
  const major = new Intl.NumberFormat('en', { minimumFractionDigits: places, maximumFractionDigits: places })
  return `${major.format(amount.value / 10 ** places)} ${amount.currency}`
}

/** A moment as the server says it: epoch milliseconds, or ISO 8601. */
export type Moment = number | string

export const msOf = (at: Moment): number => (typeof at === 'string' ? Date.parse(at) : at)

/** `4 min ago`, `in 11 h`: short enough for a column. */
export const relative = (at: number, now: number): string => {
  const distance = Math.abs(now - at)
  const text =
    distance < minute
      ? `${Math.floor(distance / second)} s`
      : distance < hour
        ? `${Math.floor(distance / minute)} min`
        : distance < 2 * day
          ? `${Math.round(distance / hour)} h`
          : `${Math.floor(distance / day)} d`
  return at <= now ? `${text} ago` : `in ${text}`
}

const exactFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'long' })
export const exact = (at: Moment): string => exactFormat.format(msOf(at))

const clockFormat = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})
export const clock = (at: number): string => clockFormat.format(at)

const dateFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' })
export const date = (at: Moment): string => dateFormat.format(msOf(at))

const figures = new Intl.NumberFormat('en')

/** `1,000,000`. */
export const figure = (value: number): string => figures.format(value)

const plurals = new Intl.PluralRules('en')

/** A count with its noun, by the plural forms of English: `1 event`, `1,000 events`. */
export const counted = (count: number, one: string, other = `${one}s`): string =>
  `${figure(count)} ${plurals.select(count) === 'one' ? one : other}`

/** A length of time: `9.2 s`, `1 min 4 s`. */
export const duration = (ms: number): string => {
  if (ms < minute) return `${(ms / second).toFixed(ms < 10 * second ? 1 : 0)} s`
  if (ms < hour) return `${Math.floor(ms / minute)} min ${Math.floor((ms % minute) / second)} s`
  return `${Math.floor(ms / hour)} h ${Math.floor((ms % hour) / minute)} min`
}

export const signed = (points: number): string =>
  points > 0 ? `+${points}` : points < 0 ? `−${-points}` : '0'

/** As a field for date and time takes it: the reader's own clock, to the minute. */
export const localMinute = (at: number): string => {
  const local = new Date(at - new Date(at).getTimezoneOffset() * minute)
  return local.toISOString().slice(0, 16)
}

/** From when to when, as the API names both. */
export const rangeWords = ({ from, to }: { from: string; to: string }): string =>
  `${date(Date.parse(from))} to ${date(Date.parse(to))}`
