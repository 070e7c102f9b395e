import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import * as z from 'zod/mini'

/** What failed in a run, a line each, so that the end of its output says it. */

const wordsMost = 300
const namedMost = 50

/** What an error says, without where it was thrown, in one line. The seed of a random test is among the first words. */
export const inOneLine = (message: string): string => {
  const [said = ''] = stripVTControlCharacters(message).split(/\n\s+at /)
  const words = said.replaceAll(/\s+/g, ' ').trim()
  return words.length > wordsMost ? `${words.slice(0, wordsMost)}…` : words
}

/** `tests/risk/score.test.ts > a score > is a whole number: expected 1.5 to be 2`. */
export const failureLine = (file: string, test: readonly string[], message: string): string =>
  `${[relative(process.cwd(), file), ...test].join(' > ')}: ${inOneLine(message)}`

/** The part of vitest's report in JSON that counts. */
const vitestReport = z.object({
  numTotalTests: z.number(),
  numPassedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string(),
      assertionResults: z.array(
        z.object({
          status: z.string(),
          ancestorTitles: z.array(z.string()),
          title: z.string(),
          failureMessages: z.array(z.string()),
        }),
      ),
    }),
  ),
})

/** How many tests of a report passed, and a line for each that did not. A file that did not load is one of them. */
export const readVitestReport = (json: string): { passed: number; failed: number; failures: string[] } => {
  const { numTotalTests, numPassedTests, testResults } = vitestReport.parse(JSON.parse(json))
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status !== 'passed')
    if (failed.length === 0 && status !== 'passed') return [failureLine(name, [], message)]
    return failed.map(({ ancestorTitles, title, failureMessages: [first = 'was not run'] }) =>
      failureLine(name, [...ancestorTitles, title], first),
    )
  })
  const failed = Math.max(numTotalTests - numPassedTests, failures.length)
  return { passed: numPassedTests, failed, failures }
}

/** The first of them, and how many more there are. */
export const boundedList = (failures: readonly string[]): readonly string[] =>
  failures.length <= namedMost
    ? failures
    : [...failures.slice(0, namedMost), `and ${failures.length - namedMost} more`]
