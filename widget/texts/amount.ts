/**
 * `1000000` minor units of `USD` as `10,000.00 USD`. The runtime knows how many digits a currency has (ISO 4217). The code
 * is shown instead of a sign, because `$` and `kr` stand for several currencies.
 */
export const formatAmount = (minorUnits: number, currency: string, language: string): string => {
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  const figures = new Intl.NumberFormat(language, {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  }).format(minorUnits / 10 ** digits)
  return `${figures}\u00A0${currency}`
}
