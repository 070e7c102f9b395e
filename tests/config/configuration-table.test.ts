import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig, settingNames } from '../../backend/config.ts'

const document = readFileSync(join(import.meta.dirname, '../../backend/configuration.md'), 'utf8')

const rows = document
  .split('\n')
  .filter((line) => /^\| `[A-Z_]+` +\|/.test(line))
  .map((line) => {
    const [name = '', fallback = ''] = line
      .split('|')
      .slice(1)
      .map((cell) => cell.trim().replaceAll('`', ''))
    return { name, fallback }
  })

test('the table of the configuration has a row for every variable that is read, and no other', () => {
  expect(rows.map(({ name }) => name).toSorted()).toEqual(settingNames.toSorted())
})

/** Not a value of its own: nothing, what is made at start, and what follows another variable. */
const isDerived = (fallback: string) => /^(none|made in|PUBLIC_ORIGIN)|:[A-Z_]+$/.test(fallback)

test.each(rows.filter(({ fallback }) => !isDerived(fallback)))(
  '$name: $fallback is what happens without it',
  ({ name, fallback }) => {
    expect(readConfig({ [name]: fallback })).toEqual(readConfig({}))
  },
)
