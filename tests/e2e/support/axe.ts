import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Browser, BrowserContextOptions, Frame, Page } from 'playwright-core'
import { type Visitor, visit } from './browser.ts'

/**
 * axe-core, put into the page before its own scripts, in a window that lets it pass the page's policy; only these windows
 * do.
 */

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

declare global {
  interface Window {
    axe: { run: (context: Document, options: object) => Promise<AxeResults> }
  }
}

const required = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice']

/**
 * `strict` adds the enhanced contrast of 7 : 1, which the checkpoint's own screens promise. In forced colours the person's
 * system chooses the colours, so there is no contrast of ours to judge.
 */
export type Measure = { strict: boolean; forcedColors: boolean }

const optionsFor = ({ strict, forcedColors }: Measure) => ({
  runOnly: strict ? [...required, 'wcag2aaa'] : required,
  rules: forcedColors
    ? { 'color-contrast': { enabled: false }, 'color-contrast-enhanced': { enabled: false } }
    : {},
  resultTypes: ['violations'],
  // A frame of another site is checked as a document of its own.
  iframes: false,
})

export const visitWithAxe = async (browser: Browser, given: BrowserContextOptions): Promise<Visitor> => {
  const visitor = await visit(browser, { ...given, bypassCSP: true })
  await visitor.context.addInitScript({ content: source })
  return visitor
}

/** One line a finding: rule, element, what is wrong. Of a page that has its style: without it, axe judges the bare text. */
export const findings = async (document: Page | Frame, measure: Measure): Promise<string[]> => {
  await document.waitForLoadState('load')
  const { violations } = await document.evaluate(
    (given) => window.axe.run(window.document, given),
    optionsFor(measure),
  )
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary?.replaceAll(/\s+/g, ' ')}`),
  )
}
