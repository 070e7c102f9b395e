/** The words of one language for a count, by its plural forms (CLDR). `other` stands in for a form that has no words. */
export type Forms = Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }

/**
 * Picks the form for a count: `pluralIn('en')` answers a function that says *try* for 1 and *tries* for 0, 2, 3. Which counts
 * share a form is the language's own affair, and some have six; so no text ever compares a count with one.
 */
export const pluralIn = (language: string) => {
  const rules = new Intl.PluralRules(language)
  return (count: number, forms: Forms): string => forms[rules.select(count)] ?? forms.other
}
