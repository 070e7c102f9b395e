type Format = { digits: number; figures: Intl.NumberFormat }

/** Making one takes longer than drawing the screen around it. As many as there are currencies and languages, at most. */
const formats = new Map<string, Format>()

/** The runtime knows how many digits a currency has (ISO 4217). */
const formatFor = (currency: string, language: string): Format => {
  const name = `${currency} ${language}`
  const known = formats.get(name)
  if (known !== undefined) return known
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  const figures = new Intl.NumberFormat(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  })
  const made = { digits, figures }
  formats.set(name, made)
  return made
}

/**
 * `1000000` minor units of `USD` as `10,000.00 USD`. The code is shown instead of a sign, because `$` and `kr` stand for several
 * currencies.
 */
export const formatAmount = (minorUnits: number, currency: string, language: string): string => {
  const { digits, figures } = formatFor(currency, language)
  return `${figures.format(minorUnits / 10 ** digits)}\u00A0${currency}`
}
