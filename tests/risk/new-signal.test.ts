import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { root } from '../support/sources.ts'

/**
 * Adds a signal and a fact to a copy of the project: a file and two lines for the signal, two lines in its subject's file
 * for the fact and one in the contract so that rules may read it. Then an event meets both.
 */

const code = 'PAYEE_UNNAMED'
const fact = 'payee.named'
const copy = mkdtempSync(join(tmpdir(), 'ase-signal-'))
afterAll(() => rmSync(copy, { recursive: true, force: true }))

const signal = `import { quiet, raised, type Signal, unknown } from './signal.ts'

export const payeeUnnamed: Signal = {
  code: '${code}',
  family: 'payment',
  defaultWeight: 7,
  source: 'site',
  reads: ['payee', '${fact}'],
  unit: 'yes or no',
  unknownMeans: 'the event names no payee',
  appliesTo: ['money_out'],
  evaluate: (facts) => {
    if (facts.payee === null) return unknown('payee')
    return facts['${fact}'] ? quiet : raised(1, 'The payee has no name.')
  },
}
`

/** Each line stands behind another; a line that is not there any more must not pass for one. */
const lines: [path: string, behind: string, line: string][] = [
  ['contract/outcome.ts', "  'PASTED_PAYEE',\n", `  '${code}',\n`],
  [
    'risk/signals/all-signals.ts',
    "import { pastedPayee } from './pasted-payee.ts'\n",
    "import { payeeUnnamed } from './payee-unnamed.ts'\n",
  ],
  ['risk/signals/all-signals.ts', '  amountNearLimit,\n', '  payeeUnnamed,\n'],
  ['contract/rule-fact.ts', "  'payee.known',\n", `  '${fact}',\n`],
  ['risk/facts/payment.ts', "    'payee.times': count,\n", `    '${fact}': z._default(z.boolean(), true),\n`],
  [
    'risk/facts/payment.ts',
    "      'payee.known': known,\n",
    `      '${fact}': event.payee === null || event.payee.typed.name !== null,\n`,
  ],
]

let met: {
  problems: unknown[]
  reasons: { code: string; points: number }[]
  tier: string
  explained: unknown
  weight: Record<string, number>
}

beforeAll(() => {
  for (const path of ['backend', 'tests/risk', 'package.json'])
    cpSync(join(root, path), join(copy, path), { recursive: true })
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'))
  writeFileSync(join(copy, 'backend/risk/signals/payee-unnamed.ts'), signal)
  for (const [path, behind, line] of lines) {
    const file = join(copy, 'backend', path)
    const before = readFileSync(file, 'utf8')
    expect(before, path).toContain(behind)
    writeFileSync(file, before.replace(behind, behind + line))
  }
  const script = join(copy, 'tests/risk/fixtures/meet-new-signal.ts')
  met = JSON.parse(execFileSync(process.execPath, [script, code, fact], { encoding: 'utf8' }))
})

describe('a further signal is a file and its lines', () => {
  it('weighs what its file says in the policy that comes with the engine', () => {
    expect(met.weight[code]).toBe(7)
  })

  it('is a reason of an event that it is raised by', () => {
    expect(met.reasons).toContainEqual({
      code,
      family: 'payment',
      points: 7,
      detail: 'The payee has no name.',
    })
  })

  it('can be asked for by a rule, and so can a further fact', () => {
    expect([met.problems, met.tier]).toEqual([[], 'medium'])
    expect(met.explained).toMatchObject({
      result: 'true',
      when: {
        all: [
          { result: 'true', value: 1 },
          { result: 'true', asked: { fact }, value: false },
        ],
      },
    })
  })
})
