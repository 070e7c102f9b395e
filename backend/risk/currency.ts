/** Currencies whose minor unit is not a hundredth (ISO 4217, table A.1). */
const minorUnitDigits: Readonly<Record<string, number>> = {
  ...Object.fromEntries(
    'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((code) => [code, 0]),
  ),
  ...Object.fromEntries('BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3])),
  CLF: 4,
  UYW: 4,
}

const digitsOf = (currency: string): number => minorUnitDigits[currency] ?? 2

/** Major → minor units: 200 USD are 20000, 200 JPY are 200. */
export const toMinorUnits = (major: number, currency: string): number =>
  Math.round(major * 10 ** digitsOf(currency))

/** Minor units for an analyst's eye: `10,000.00 USD`. One spelling everywhere, so that stored sentences compare. */
export function formatAmount(minor: number, currency: string): string {
  const digits = digitsOf(currency)
  const whole = Math.trunc(minor / 10 ** digits)
  const grouped = String(whole).replace(/\B(?=(\d{3})+$)/g, ',')
  if (digits === 0) return `${grouped} ${currency}`
  const fraction = String(minor - whole * 10 ** digits).padStart(digits, '0')
  return `${grouped}.${fraction} ${currency}`
}
