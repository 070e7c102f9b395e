import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { boundedList, inOneLine, readVitestReport } from './support/failures.ts'

/** What the end of a run says of the tests that failed. */

const file = join(process.cwd(), 'tests/risk/score.test.ts')
const ran = (status: string, message?: string) => ({
  status,
  ancestorTitles: ['a score'],
  title: 'is whole',
  failureMessages: message === undefined ? [] : [message],
})
const reportOf = (tests: ReturnType<typeof ran>[], broken?: string) =>
  JSON.stringify({
    numTotalTests: tests.length,
    numPassedTests: tests.filter(({ status }) => status === 'passed').length,
    testResults: [
      {
        name: file,
        status: broken !== undefined || tests.some(({ status }) => status === 'failed') ? 'failed' : 'passed',
        message: broken ?? '',
        assertionResults: tests,
      },
    ],
  })

describe('a report', () => {
  const failed = ran('failed', 'AssertionError: expected 1.5\nto be 2\n    at /somewhere/score.test.ts:3:1')
  test.each([
    ['of tests that passed names none', reportOf([ran('passed')]), 1, []],
    [
      'names the test that failed, and what it said',
      reportOf([ran('passed'), failed]),
      1,
      ['tests/risk/score.test.ts > a score > is whole: AssertionError: expected 1.5 to be 2'],
    ],
    [
      'names a file that did not load',
      reportOf([], 'Failed to load'),
      0,
      ['tests/risk/score.test.ts: Failed to load'],
    ],
    [
      'names a test that was left out',
      reportOf([ran('skipped')]),
      0,
      ['tests/risk/score.test.ts > a score > is whole: was not run'],
    ],
  ])('%s', (_story, report, passed, failures) => {
    expect(readVitestReport(report)).toEqual({ passed, failed: failures.length, failures })
  })
})

test('a random test that failed shows its seed, however long the example is', () => {
  const fail = () =>
    fc.assert(
      fc.property(fc.string({ minLength: 1_000 }), () => {
        throw new Error('never')
      }),
      { seed: 42 },
    )
  let said = ''
  try {
    fail()
  } catch (error) {
    said = error instanceof Error ? `${error.message}\n    at ${error.stack}` : ''
  }
  expect(inOneLine(said)).toMatch(/^Property failed after 1 tests \{ seed: 42, path: /)
  expect(inOneLine(said).length).toBeLessThanOrEqual(301)
})

test('of many failures the first are named, and how many more there are', () => {
  const listed = boundedList(Array.from({ length: 60 }, (_, i) => String(i)))
  expect([listed.length, listed.at(-1)]).toEqual([51, 'and 10 more'])
})
