import { en } from './en/language.ts'
import type { Language } from './texts.ts'

/**
 * The languages that people are spoken to in. For the server alone: the frame and the loader are built once for each
 * language and carry no other (`rollup-config/bundles.ts`).
 */
export const languages: readonly Language[] = [en]

/** Whoever asks for a language that is not in the list reads this one. */
export const defaultLanguage: Language = en

/**
 * The language of a BCP 47 tag, else null. The tag is shortened from its end until it fits (RFC 4647, 3.4), so `pt-BR` is
 * `pt`, and the version of a text, such as `en-9`, is the language that it was written in.
 */
const lookUp = (tag: string): Language | null => {
  for (
    let range = tag.toLowerCase();
    range !== '';
    range = range.slice(0, Math.max(0, range.lastIndexOf('-')))
  ) {
    const found = languages.find(({ code }) => code.toLowerCase() === range)
    if (found !== undefined) return found
  }
  return null
}

/** The language of the first tag that fits, else the default. */
export const languageOf = (...tags: readonly string[]): Language => {
  for (const tag of tags) {
    const found = lookUp(tag)
    if (found !== null) return found
  }
  return defaultLanguage
}
