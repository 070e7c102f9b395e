const plurals = new Intl.PluralRules('en')

/** The words that fit a count, by the plural forms of English. */
export const worded = (count: number, one: string, other: string): string =>
  plurals.select(count) === 'one' ? one : other

/** A count with its noun: `1 day`, `0 days`, `3 days`; `1 person`, `2 people`. */
export const counted = (count: number, one: string, other = `${one}s`): string =>
  `${count} ${worded(count, one, other)}`
