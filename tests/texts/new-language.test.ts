import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { title } from '../../widget/texts/en/loader.ts'
import { screens } from '../../widget/texts/en/screens.ts'
import type { Texts } from '../../widget/texts/texts.ts'
import { root } from '../support/sources.ts'
import { code } from './fixtures/pseudo.ts'

/** Adds a language to a copy of the project, a folder and a line, builds it, and reads what a person there would read. */

const copy = mkdtempSync(join(tmpdir(), 'ase-language-'))
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const run = (...args: string[]): string =>
  execFileSync(process.execPath, args, { cwd: copy, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })

const folder: Record<string, string> = {
  'language.ts': `import type { Language } from '../texts.ts'
import { mail as english } from '../en/mail.ts'
import { code, pseudo } from '../../../tests/texts/fixtures/pseudo.ts'
import * as loader from './loader.ts'
import { screens } from './screens.ts'
export const ${code}: Language = { code, direction: 'rtl', name: 'עברית', screens, mail: pseudo(english), loader }
`,
  'screens.ts': `import { screens as english } from '../en/screens.ts'
import { code, pseudo } from '../../../tests/texts/fixtures/pseudo.ts'
export const screens = { ...pseudo(english), language: code, version: code + '-1' }
`,
}

const addLanguage = (): void => {
  for (const path of [
    'backend',
    'widget',
    'rollup-config',
    'demo-site',
    'tests',
    'package.json',
    'tsconfig.json',
  ])
    cpSync(join(root, path), join(copy, path), {
      recursive: true,
      filter: (from) => !from.includes('.cache'),
    })
  for (const path of ['node_modules', 'package-lock.json']) symlinkSync(join(root, path), join(copy, path))
  const texts = join(copy, 'widget/texts')
  mkdirSync(join(texts, code))
  for (const [name, source] of Object.entries(folder)) writeFileSync(join(texts, code, name), source)
  const words = readFileSync(join(texts, 'en/loader.ts'), 'utf8').matchAll(/^export const (\w+)/gm)
  const short = [...words].map(([, name]) => `export const ${name} = '‹${name}›'\n`)
  writeFileSync(join(texts, code, 'loader.ts'), short.join(''))
  const list = readFileSync(join(texts, 'languages.ts'), 'utf8')
  const line = `import { ${code} } from './${code}/language.ts'\n`
  writeFileSync(
    join(texts, 'languages.ts'),
    line + list.replace('Language[] = [en', `Language[] = [en, ${code}`),
  )
}

let said: Record<
  'html' | 'frame' | 'missing' | 'trouble' | 'loader' | 'english' | 'texts_version',
  string
> & {
  view: Record<string, unknown>
  mails: { subject: string; text: string; html: string }[]
}
beforeAll(() => {
  addLanguage()
  run('rollup-config/build.ts')
  said = JSON.parse(run('tests/texts/fixtures/speak.ts', code))
})

describe('a further language is a folder and a line', () => {
  it('the page, and what its script is handed', () => {
    expect(said.html).toMatch(/<html lang="?he"? dir="?rtl"?/)
    expect(said.html).toContain('‹No, this is my own idea›')
    expect(said.view).toMatchObject({
      language: code,
      direction: 'rtl',
      text_version: `${code}-1`,
      region: { locale: `${code}-IL` },
    })
    expect(said.texts_version).toBe(`${code}-1`)
  })

  it('the frame that the page loads speaks it', () => {
    expect(said.frame).toContain('‹')
    expect(said.frame).toContain(screens.steps.pause.heading)
  })

  it('the mail', () => {
    const [mail] = said.mails
    expect(mail?.subject).toMatch(/^‹/)
    expect(mail?.text).toContain('‹Your code:›')
    expect(mail?.html).toContain(`<html lang="${code}" dir="rtl">`)
  })

  it('the pages of no organisation, to a browser that wants it', () => {
    for (const page of [said.missing, said.trouble]) {
      expect(page).toMatch(/<html lang="?he"? dir="?rtl"?/)
      expect(page).toContain(`‹${screens.missing.safe}›`)
    }
  })

  it('the loader at an address of its own, and English at the one that sites have', () => {
    expect(said.loader).toContain('‹title›')
    expect(said.loader).not.toContain(title)
    expect(said.english).toContain(title)
  })

  it('it keeps what every language must keep', () => {
    const config = [
      '--config',
      'tests/vitest.config.ts',
      'tests/texts/languages.test.ts',
      '--reporter=verbose',
    ]
    const report = stripVTControlCharacters(run('node_modules/vitest/vitest.mjs', 'run', ...config))
    expect(report).toContain(`${code} > says the same facts`)
  })
})

it('a language that lacks a sentence does not compile', () => {
  const { close: _, ...frame } = screens.frame
  // @ts-expect-error one is missing
  const incomplete: Texts = { ...screens, frame }
  expect(incomplete).toBeDefined()
})
