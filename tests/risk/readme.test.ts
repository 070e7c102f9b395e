import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Tier } from '#contract/outcome'
import { booleanFact, numberFact, textFact, unitOf } from '#contract/rule-fact'
import type { StepType } from '#contract/step'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { actionLines } from '../../backend/risk/list-actions.ts'
import { allSignals } from '../../backend/risk/signals/all-signals.ts'
import { everyFamily } from '../../backend/risk/signals/signal.ts'

const readme = readFileSync(join(import.meta.dirname, '../../backend/risk/README.md'), 'utf8')

/** The cells of every row whose first one is a code in capitals; padding is the formatter's business. */
const rowsOf = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => /^\| `[A-Z_]+` +\| (policy|payment|scam|takeover|network|behaviour) /.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim())
        .join(' | '),
    )

const expected = allSignals.map(({ code, family, source, appliesTo, unit }) =>
  [
    `\`${code}\``,
    family,
    source,
    defaultPolicy.weights[code],
    appliesTo.length === everyFamily.length ? 'all' : appliesTo.join(', '),
    unit,
  ].join(' | '),
)

const mainReadme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')

/** Of those that the default tiers have. */
const stepWords: Partial<Record<StepType, string>> = {
  intent: 'question',
  confirm_action: 'confirmation',
  questions: 'questions',
  pause: 'pause',
  email_code: 'code',
}

/** What a floor asks, in the words of the table. */
const floorWords = (floor: Tier): string => {
  if (floor === 'none') return 'nothing'
  const words = defaultPolicy.steps[floor].map((step) => stepWords[step] ?? step)
  const listed = words.length < 3 ? words.join(' and ') : words.join(', ')
  return `${floor}: ${words.length === 1 ? 'the ' : ''}${listed}`
}

describe('the main description', () => {
  test('lists every action that comes with the engine, as the default policy has it', () => {
    const rows = mainReadme
      .split('\n')
      .filter((line) => /^\| `[a-z_]+` +\|/.test(line))
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      )
    expect(rows).toEqual(
      actionLines(defaultPolicy, 'enforce').map(({ name, family, required, floor }) => [
        `\`${name}\``,
        family,
        required.join(', '),
        floorWords(floor),
      ]),
    )
  })
})

describe('the description of the risk engine', () => {
  test('lists every signal in order, with the family, source, weight, actions and unit that the code has', () => {
    expect(rowsOf(readme)).toEqual(expected)
  })

  test('names the caps of the default policy', () => {
    const { caps, client_cap, weak } = defaultPolicy
    const named = Object.entries(caps).map(([family, cap]) => `${family} ${cap}`)
    expect(readme).toContain(
      `Caps: ${named.join(', ')}; weak signals together ${weak.cap}; the browser’s word ${client_cap}.`,
    )
  })
})

describe('the description of what rules may read', () => {
  const told = readFileSync(join(import.meta.dirname, '../../backend/risk/rules/README.md'), 'utf8')
  test('lists every fact, with what it is told in', () => {
    const rows = told
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => {
        const [facts = '', unit = ''] = line.split('|').slice(1)
        return [...facts.matchAll(/`([^`]+)`/g)].map(([, fact]) => `${fact}: ${unit.trim()}`)
      })
    const known = [
      ...numberFact.options.map((fact) => `${fact}: ${unitOf(fact)}`),
      ...booleanFact.options.map((fact) => `${fact}: yes or no`),
      ...textFact.options.map((fact) => `${fact}: text`),
    ]
    expect(rows.toSorted()).toEqual(known.toSorted())
  })
})
