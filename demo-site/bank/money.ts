/** The bank keeps one currency and counts in minor units (cents). */
export const currency = 'EUR'

/** `1234567` → `12,345.67`. */
export const formatMinorUnits = (minorUnits: number): string =>
  new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(
    minorUnits / 100,
  )

export const formatMoney = (minorUnits: number): string => `${formatMinorUnits(minorUnits)} ${currency}`

/**
 * What a person types into an amount field, in minor units; null when it is not clearly an amount above zero.
 * Thousands may be grouped by commas or spaces; a third decimal is refused rather than rounded.
 */
export const parseAmount = (typed: string): number | null => {
  const match = /^(\d{1,3}(?:[, ]\d{3})+|\d{1,9})(?:\.(\d{1,2}))?$/.exec(typed.trim())
  if (!match) return null
  const whole = Number((match[1] ?? '').replaceAll(/[, ]/g, ''))
  const minorUnits = whole * 100 + Number((match[2] ?? '').padEnd(2, '0'))
  return minorUnits > 0 ? minorUnits : null
}
