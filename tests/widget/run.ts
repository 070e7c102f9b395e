/**
 * Runs the widget's tests in a real Chromium and ends with a line `widget failed: …` for each that failed, and the line
 * `widget: N passed, N failed`. A file that does not load counts as one failure. Exits 1 on any failure.
 */
import { startTestRunner } from '@web/test-runner'
import { failureLine } from '../support/failures.ts'
import config from './web-test-runner.config.mjs'

type Suite = { name: string; tests: Ran[]; suites: Suite[] }
type Ran = { name: string; passed: boolean; skipped: boolean; error?: { message?: string } }

/** Every test of a file, with the names of what it stands in. */
const testsIn = (suite: Suite, above: readonly string[] = []): (Ran & { path: string[] })[] => [
  ...suite.tests.map((test) => ({ ...test, path: [...above, test.name] })),
  ...suite.suites.flatMap((inner) => testsIn(inner, [...above, inner.name])),
]

const runner = await startTestRunner({
  config,
  readCliArgs: false,
  readFileConfig: false,
  autoExitProcess: false,
})
if (!runner) throw new Error('the test runner did not start')

await new Promise<void>((resolve) => runner.on('finished', () => resolve()))
const sessions = [...runner.sessions.all()]
const tests = sessions.flatMap(({ testFile = '', testResults }) =>
  testResults === undefined ? [] : testsIn(testResults).map((test) => ({ ...test, testFile })),
)
const brokenFiles = sessions.filter(({ errors, testResults }) => errors.length > 0 || !testResults)
const failures = [
  ...brokenFiles.map(({ testFile = '', errors: [error] }) =>
    failureLine(testFile, [], error?.message ?? 'did not load'),
  ),
  ...tests
    .filter(({ passed }) => !passed)
    .map(({ testFile, path, error }) => failureLine(testFile, path, error?.message ?? 'was not run')),
]
const passed = tests.filter((test) => test.passed).length
const failed = failures.length
await runner.stop()
for (const line of failures) console.log(`widget failed: ${line}`)
console.log(`widget: ${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
