import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { telemetry } from '#contract/event'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { allSignals } from '../../backend/risk/signals/all-signals.ts'

const readme = readFileSync(join(import.meta.dirname, '../../widget/loader/README.md'), 'utf8')
const rows = readme.split('\n').filter((line) => /^\| `[a-z_]+`/.test(line))

test('the loader’s description explains every field of the contract’s telemetry, and no other', () => {
  expect(rows.map((row) => /`([a-z_]+)`/.exec(row)?.[1])).toEqual(Object.keys(telemetry.def.shape))
  for (const row of rows) {
    const cells = row.split('|').slice(1, -1)
    expect(cells.map((cell) => cell.trim()).filter((cell) => cell !== '')).toHaveLength(5)
  }
})

test('it names the signals that read a field, and the most that they may add', () => {
  for (const { code, reads } of allSignals) {
    const field = reads.find((fact) => fact.startsWith('telemetry.'))?.split('.')[1]
    if (field !== undefined) expect(rows.find((row) => row.includes(`\`${field}\``))).toContain(code)
  }
  expect(readme.replaceAll(/\s+/g, ' ')).toContain(`at most ${defaultPolicy.client_cap} points together`)
})
