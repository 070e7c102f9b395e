/** Names that sites and signals give: read as words, not as codes. */

/** `large_transfer` → `Large transfer`: actions are named by the site. */
export const actionWords = (action: string): string => {
  const words = action.replaceAll('_', ' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** `BENEFICIARY_NEW` → `Beneficiary new`. */
export const reasonWords = (code: string): string => actionWords(code.toLowerCase())
