import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { wordingsEach } from '#contract/question'
import { defaultLanguage, languageOf, languages } from '../../widget/texts/languages.ts'
import { root } from '../support/sources.ts'

/** What the compiler can't see of a language. That no sentence is missing is a matter of types. */

/** `forms`: the plural forms of a sentence that counts; null when it doesn't. */
type Sentence = { path: string; said: string; forms: string[] | null }

/** One argument for every sentence: as a count, as a text and as facts. Each part of it can be found again in the sentence. */
const argument = (mark: number) =>
  Object.assign(Object(mark), {
    amount: `${mark}-amount`,
    ending: `${mark}-ending`,
    name: `${mark}-name`,
    payee: `${mark}-payee`,
    target: `${mark}-target`,
  })

/** Every sentence in `texts`, functions called with arguments that can be found again. */
const sentencesIn = (texts: unknown, path = ''): Sentence[] => {
  if (typeof texts === 'string') return [{ path, said: texts, forms: null }]
  if (typeof texts === 'function') {
    const forms = 'forms' in texts ? Object.keys(texts.forms ?? {}).toSorted() : null
    return [{ path, said: String(texts(argument(837), argument(941))), forms }]
  }
  return Object.entries(texts ?? {})
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, inner]) => sentencesIn(inner, `${path}/${name}`))
}

/** Which of the arguments' parts a sentence says. */
const placeholders = ({ said }: Sentence): string[] =>
  [...new Set(said.match(/(?:837|941)(?:-\w+)?/g))].toSorted()

describe('languages', () => {
  it('have a code that a browser knows, a folder of that name, and each its own', () => {
    for (const { code } of languages) {
      expect(Intl.getCanonicalLocales(code)).toEqual([code])
      expect(existsSync(`${root}widget/texts/${code}/language.ts`), code).toBe(true)
    }
    expect(new Set(languages.map(({ code }) => code)).size).toBe(languages.length)
  })

  it.each<[string, string[], string]>([
    ['the tag itself', ['en'], 'en'],
    ['its language, when the region has no texts of its own', ['en-GB'], 'en'],
    ['whatever its case', ['EN-us'], 'en'],
    ['the language of a text’s version', ['en-9'], 'en'],
    ['the first that there is', ['xx', 'en'], 'en'],
    ['the default, when there is none', ['xx-YY'], defaultLanguage.code],
    ['the default, when nothing is said', [], defaultLanguage.code],
    ['the default, when what is said is no tag', ['', '*', '--'], defaultLanguage.code],
  ])('are looked up by %s', (_, tags, code) => {
    expect(languageOf(...tags).code).toBe(code)
  })
})

describe('the English code screen', () => {
  it('tells a code that was cut short what it lacks, though it has only digits', () => {
    expect(defaultLanguage.screens.steps.email_code.errors.malformed_code).toMatch(/not a whole code/)
  })
})

describe.each(languages.map((language) => [language.code, language] as const))('%s', (code, language) => {
  const ours = sentencesIn([language.screens, language.mail, language.loader])
  const english = sentencesIn([defaultLanguage.screens, defaultLanguage.mail, defaultLanguage.loader])

  it('has every sentence, and none is empty', () => {
    expect(ours.map(({ path }) => path)).toEqual(english.map(({ path }) => path))
    expect(ours.length).toBeGreaterThan(200)
    expect(ours.filter(({ said }) => said.trim() === '')).toEqual([])
  })

  it('says the same facts in each', () => {
    const facts = (sentences: Sentence[]) => sentences.map((one) => [one.path, placeholders(one)])
    expect(facts(ours)).toEqual(facts(english))
  })

  it('has the plural forms that the language needs, wherever English counts', () => {
    const needed = new Intl.PluralRules(code).resolvedOptions().pluralCategories.toSorted()
    const counted = new Map(
      ours.filter(({ forms }) => forms !== null).map(({ path, forms }) => [path, forms]),
    )
    for (const [path, forms] of counted) expect([path, forms]).toEqual([path, needed])
    const missing = english.filter(({ path, forms }) => forms !== null && !counted.has(path))
    expect(missing).toEqual([])
    expect(counted.size).toBeGreaterThan(3)
  })

  it('asks each question in as many wordings as the others', () => {
    const { intent, questions } = language.screens.steps
    const asked: (readonly unknown[])[] = [
      intent.questions,
      ...Object.values(questions.asked).map(({ headings }) => headings),
    ]
    for (const wordings of asked) expect(new Set(wordings).size).toBe(wordingsEach)
  })

  it('names itself in its texts and in their version', () => {
    expect(language.screens.language).toBe(code)
    expect(language.screens.version).toMatch(new RegExp(`^${code}-\\d+$`))
    expect(languageOf(language.screens.version).code).toBe(code)
  })
})
