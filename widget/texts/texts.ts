import { en } from './en.ts'

/** Every sentence of the screens in one language. A further language is a file of this shape and a line in `languages`. */
export type Texts = typeof en

export type { ActionFacts } from './actions-en.ts'

const languages: Record<string, Texts> = { en }

/** The texts of a BCP 47 language tag: the tag itself, else its primary subtag, else English. */
export const texts = (language: string): Texts => {
  const tag = language.toLowerCase()
  return languages[tag] ?? languages[tag.split('-')[0] ?? ''] ?? en
}

/** Which version of the sentences a session in that language shows; stored with what the person was shown. */
export const textVersion = (language: string): string => texts(language).version

/** How many wordings of the first question there are in that language. */
export const intentVariants = (language: string): number => texts(language).intent.questions.length
