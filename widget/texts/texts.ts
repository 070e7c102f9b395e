import type * as loader from './en/loader.ts'
import type { mail } from './en/mail.ts'
import type { screens } from './en/screens.ts'

/**
 * What every language has to say. English is the pattern: a sentence that another language lacks, or says of other facts,
 * does not compile.
 */

/** The sentences of the screens. */
export type Texts = typeof screens
type MailTexts = typeof mail
/** The few sentences that stand in the customer's own page. */
type LoaderTexts = { readonly [Name in keyof typeof loader]: string }

/** What an action line can name; absent facts are null and leave the sentence whole. */
export type ActionFacts = {
  name: string
  amount: string | null
  payee: string | null
  ending: string | null
  target: string | null
}

/** Every question has three wordings in every language (`wordingsEach`). */
export type Variants<Wording> = readonly [Wording, Wording, Wording]

/** One language: the folder `texts/<code>/`, and a line in `languages.ts`. */
export type Language = {
  /** BCP 47, and the name of the folder. */
  code: string
  direction: 'ltr' | 'rtl'
  /** What the language calls itself. */
  name: string
  screens: Texts
  mail: MailTexts
  loader: LoaderTexts
}
