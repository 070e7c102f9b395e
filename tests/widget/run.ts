/**
 * Runs the widget's tests in a real Chromium and ends with the line `widget: N passed, N failed`. A file that does not
 * load counts as one failure. Exits 1 on any failure.
 */
import { startTestRunner } from '@web/test-runner'
import config from './web-test-runner.config.mjs'

type Suite = { tests: { passed: boolean; skipped: boolean }[]; suites: Suite[] }

const testsIn = (suite: Suite): Suite['tests'] => [...suite.tests, ...suite.suites.flatMap(testsIn)]

const runner = await startTestRunner({
  config,
  readCliArgs: false,
  readFileConfig: false,
  autoExitProcess: false,
})
if (!runner) throw new Error('the test runner did not start')

await new Promise<void>((resolve) => runner.on('finished', () => resolve()))
const sessions = [...runner.sessions.all()]
const tests = sessions.flatMap((session) => (session.testResults ? testsIn(session.testResults) : []))
const brokenFiles = sessions.filter((session) => session.errors.length > 0 || !session.testResults).length
const passed = tests.filter((test) => test.passed).length
const failed = tests.length - passed + brokenFiles
await runner.stop()
console.log(`widget: ${passed} passed, ${failed} failed`)
process.exit(failed === 0 && passed > 0 ? 0 : 1)
