/** Where another bank is. Sums are thought of in units, about what a euro buys, and told in the country's money. */
export type Economy = {
  code: string
  country: string
  /** Of the country's money. */
  unit: number
  fractionDigits: number
  hoursAhead: number
  /** Whether the bank is told how the payee's name fits the account. */
  nameCheck: boolean
}

/** By purchasing power (OECD, purchasing power parities, 2023), so that lives are alike and only the figures differ. */
export const economies = {
  pounds: { code: 'GBP', country: 'GB', unit: 0.95, fractionDigits: 2, hoursAhead: 0, nameCheck: true },
  rupees: { code: 'INR', country: 'IN', unit: 28, fractionDigits: 2, hoursAhead: 5.5, nameCheck: false },
  yen: { code: 'JPY', country: 'JP', unit: 135, fractionDigits: 0, hoursAhead: 9, nameCheck: false },
} as const satisfies Record<string, Economy>
