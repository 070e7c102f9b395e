import type { RegionView } from '#contract/session-view'
import type { Organisation } from '../org/organisation.ts'
import type { Session } from './document.ts'

/**
 * How moments are written for one person: in the language of the sentences, by the habits of their region, on their own
 * clock. The region is the person's as the site knows it, else the organisation's. The clock is the one that their browser
 * told with the event, else the organisation's, else UTC; one that is not the person's own is always named beside the time.
 */
export const regionOf = (
  { event }: Pick<Session, 'event'>,
  organisation: Pick<Organisation, 'language' | 'time_zone'>,
  language: string,
): RegionView => {
  const own = event.telemetry.time_zone
  const known = own !== null && isTimeZone(own) ? own : null
  return {
    locale: localeOf(language, [event.user.locale, organisation.language]),
    time_zone: known ?? organisation.time_zone ?? 'UTC',
    is_own: known !== null,
  }
}

const answersKept = 1000

/** The runtime takes longer to say what it knows than the rest of a view does; what it said stays true. */
const remembering = <Answer>(ask: (name: string) => Answer): ((name: string) => Answer) => {
  const answers = new Map<string, Answer>()
  return (name) => {
    const known = answers.get(name)
    if (known !== undefined) return known
    const answer = ask(name)
    if (answers.size >= answersKept) answers.clear()
    answers.set(name, answer)
    return answer
  }
}

/** Whether the runtime knows the name, and it is a place's and no offset: an offset is wrong for half of the year. */
export const isTimeZone = remembering((name) => {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return /^[A-Za-z]/.test(name)
  } catch {
    return false
  }
})

/**
 * European English where nobody named a region: the day before the month, which is a word, and a clock of 24 hours. It is
 * read in one way everywhere, whereas the bare `en` is the United States'.
 */
const europe = '150'

/** The language with the first region that is named; a pair that the runtime has no habits for would be the bare language. */
const localeOf = (language: string, tags: readonly (string | null)[]): string => {
  const regions = [...tags.map((tag) => (tag === null ? undefined : regionIn(tag))), europe]
  const candidates = regions.filter((region) => region !== undefined).map((region) => `${language}-${region}`)
  return candidates.find(isSupported) ?? language
}

const isSupported = remembering(
  (locale) => new Intl.DateTimeFormat(locale).resolvedOptions().locale === locale,
)

const regionIn = remembering((tag): string | undefined => {
  try {
    return new Intl.Locale(tag).region
  } catch {
    return undefined
  }
})
