/** The sentence for a count in each plural form that a language has (CLDR). `other` is the form that every language has. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, (count: number) => string>> & {
  other: (count: number) => string
}

/** A sentence that depends on a count. A test compares `forms` with the forms that the language needs. */
export type Counted = ((count: number) => string) & { forms: Forms }

/**
 * Makes the sentences of one language that depend on a count. English has the forms `one` (1) and `other` (0, 2, 3, …); some
 * languages have six. No text compares a count with one itself.
 */
export const countedIn = (language: string) => {
  const rules = new Intl.PluralRules(language)
  return (forms: Forms): Counted =>
    Object.assign((count: number) => (forms[rules.select(count)] ?? forms.other)(count), { forms })
}
