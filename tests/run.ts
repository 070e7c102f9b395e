/**
 * `npm test`: everything that a reader needs to trust a change, with the real store, the real browser and real processes.
 * Ends with a line for each test that failed, the counts of each part, and the line `N passed, N failed`.
 *
 * `npm test -- pure` runs the parts whose names are given. `pure` alone is the quick one: every test that needs no server,
 * no browser and no file.
 */
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { boundedList, inOneLine, readVitestReport } from './support/failures.ts'
import { prepareMachine } from './support/prepare-machine.ts'

/** `failures`: a line for each that has something to say. */
type Count = { passed: number; failed: number; failures: string[] }
type Part = { name: string; run: () => Promise<Count> }

const reports = mkdtempSync(join(tmpdir(), 'ase-reports-'))

/** Runs a program of the project; resolves to its exit code and what it printed, which is shown when it has ended. */
const run = (command: string, args: string[]): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output += chunk.toString()
      })
    }
    child.on('close', (code) => {
      process.stdout.write(output)
      resolve({ code: code ?? 1, output })
    })
  })

/** One yes or no: types, lint, exports that nobody uses, build with its budgets. */
const check = (name: string, command: string, args: string[]): Part => ({
  name,
  run: async () => {
    const { code, output } = await run(command, args)
    return code === 0
      ? { passed: 1, failed: 0, failures: [] }
      : { passed: 0, failed: 1, failures: [inOneLine(output) || `ended with ${code}`] }
  },
})

/** Counts come from the runner's own report; a report that is missing is a failure, not a zero. */
const vitest = (name: string, config: string, project: string[] = []): Part => ({
  name,
  run: async () => {
    const file = join(reports, `${name}.json`)
    const { code } = await run('vitest', [
      'run',
      '--config',
      config,
      ...project,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ])
    try {
      const count = readVitestReport(readFileSync(file, 'utf8'))
      if (count.failed > 0 || code === 0) return count
      return {
        ...count,
        failed: 1,
        failures: [`ended with ${code} though no test failed; its output says why`],
      }
    } catch {
      return { passed: 0, failed: 1, failures: [`ended with ${code} and left no report`] }
    }
  },
})

const widget: Part = {
  name: 'widget',
  run: async () => {
    const { code, output } = await run('node', ['tests/widget/run.ts'])
    const counted = /^widget: (\d+) passed, (\d+) failed$/m.exec(output)
    if (counted === null)
      return { passed: 0, failed: 1, failures: [`ended with ${code} and counted nothing`] }
    const failures = [...output.matchAll(/^widget failed: (.*)$/gm)].map(([, line = '']) => line)
    return { passed: Number(counted[1]), failed: Number(counted[2]), failures }
  },
}

/**
 * What goes on side by side, one part after the other in each row. The journeys wait more than they work: the pause of 30
 * seconds that they meet is a real one.
 */
const rounds: Part[][][] = [
  [
    [
      check('types', 'node', ['tests/typecheck.ts']),
      check('lint', 'biome', ['check', '.']),
      check('unused', 'knip', []),
    ],
    [check('build', 'node', ['rollup-config/build.ts', '--stale'])],
  ],
  [
    [
      vitest('pure', 'tests/vitest.config.ts', ['--project', 'pure']),
      vitest('server', 'tests/vitest.config.ts', ['--project', 'server']),
    ],
    [vitest('e2e', 'tests/e2e/vitest.config.ts'), widget],
  ],
]
const names = rounds
  .flat()
  .flat()
  .map(({ name }) => name)

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !names.includes(name))
if (unknown.length > 0) {
  console.error(`no part ${unknown.join(', ')}; there are ${names.join(', ')}`)
  process.exit(1)
}
const isWanted = ({ name }: Part): boolean => wanted.length === 0 || wanted.includes(name)

const total: Count = { passed: 0, failed: 0, failures: [] }
const lines: string[] = []

const runInTurn = async (parts: Part[]): Promise<void> => {
  for (const { name, run: runPart } of parts.filter(isWanted)) {
    const started = performance.now()
    console.log(`${name}…`)
    const { passed, failed, failures } = await runPart()
    total.passed += passed
    total.failed += failed
    total.failures.push(...failures.map((line) => `${name}: ${line}`))
    const seconds = Math.round((performance.now() - started) / 1000)
    lines.push(`${name.padEnd(8)} ${passed} passed, ${failed} failed in ${seconds} s`)
  }
}

// The quick lane needs nothing that a machine could lack.
if (wanted.length === 0 || wanted.some((name) => ['server', 'widget', 'e2e'].includes(name))) prepareMachine()
for (const rows of rounds) await Promise.all(rows.map(runInTurn))
if (total.failures.length > 0) console.log(`\nFailed:\n${boundedList(total.failures).join('\n')}`)
console.log(`\n${lines.join('\n')}\n`)
console.log(`${total.passed} passed, ${total.failed} failed`)
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1
