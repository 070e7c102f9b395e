/**
 * `npm test`: everything that a reader needs to trust a change, one part after the other, with the real store, the real
 * browser and real processes. Ends with the line `N passed, N failed`.
 *
 * `npm test -- unit` runs the parts whose names are given.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { prepareMachine } from './support/prepare-machine.ts'

type Count = { passed: number; failed: number }
type Part = { name: string; run: () => Promise<Count> }

const reports = mkdtempSync(join(tmpdir(), 'ase-reports-'))

/** Runs a program of the project with its output shown; resolves to its exit code and what it printed. */
const run = (command: string, args: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        process.stdout.write(chunk)
      })
    }
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })

/** One yes or no: types, lint, build with its budgets. */
const check = (name: string, command: string, args: string[]): Part => ({
  name,
  run: async () => {
    const { code } = await run(command, args)
    return code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
  },
})

/** Counts come from the runner's own report; a report that is missing is a failure, not a zero. */
const vitest = (name: string, config: string): Part => ({
  name,
  run: async () => {
    const file = join(reports, `${name}.json`)
    const { code } = await run('vitest', [
      'run',
      '--config',
      config,
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ])
    try {
      const report = JSON.parse(readFileSync(file, 'utf8'))
      const failed = report.numTotalTests - report.numPassedTests
      return { passed: report.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed }
    } catch {
      return { passed: 0, failed: 1 }
    }
  },
})

const widget: Part = {
  name: 'widget',
  run: async () => {
    const { output } = await run('node', ['tests/widget/run.ts'])
    const counted = /widget: (\d+) passed, (\d+) failed/.exec(output)
    return counted === null
      ? { passed: 0, failed: 1 }
      : { passed: Number(counted[1]), failed: Number(counted[2]) }
  },
}

const parts: Part[] = [
  check('types', 'node', ['tests/typecheck.ts']),
  check('lint', 'biome', ['check', '.']),
  check('build', 'node', ['rollup-config/build.ts', '--stale']),
  vitest('unit', 'tests/vitest.config.ts'),
  widget,
  vitest('e2e', 'tests/e2e/vitest.config.ts'),
]

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !parts.some((part) => part.name === name))
if (unknown.length > 0) {
  console.error(`no part ${unknown.join(', ')}; there are ${parts.map((part) => part.name).join(', ')}`)
  process.exit(1)
}

prepareMachine()
const total: Count = { passed: 0, failed: 0 }
const lines: string[] = []
for (const part of parts.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const started = performance.now()
  const count = await part.run()
  total.passed += count.passed
  total.failed += count.failed
  const seconds = Math.round((performance.now() - started) / 1000)
  lines.push(`${part.name.padEnd(8)} ${count.passed} passed, ${count.failed} failed in ${seconds} s`)
}
console.log(`\n${lines.join('\n')}\n`)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
