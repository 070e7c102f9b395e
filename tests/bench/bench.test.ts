import { expect, test } from 'vitest'
import { allRows } from './all-rows.ts'
import { bench, benchReport } from './bench.ts'
import { rowOf } from './row.ts'
import type { BenchRow } from './stage.ts'
import { compare, roundOf } from './stats.ts'

const made = (what: string, ...wasRun: string[][]): BenchRow => ({
  what,
  run: async () => {
    for (const list of wasRun) list.push(what)
    const ours = { ...roundOf([2, 4], 1), cpuMs: 3 }
    const floor = { ...roundOf([1, 1, 1, 1], 1), cpuMs: 1 }
    return { row: rowOf(`${what} (of this run)`, 'perSecond', compare([{ ours, floor }])), notes: ['a note'] }
  },
})
const broken: BenchRow = {
  what: 'one that breaks',
  run: () => Promise.reject(new Error('no browser here')),
}

const run = async (args: string[], rows: readonly BenchRow[]) => {
  const [out, err]: [string[], string[]] = [[], []]
  const code = await bench(args, rows, { out: (text) => out.push(text), err: (text) => err.push(text) })
  return { code, out: out.join('\n'), err: err.join('\n') }
}

test('--json prints one object with a row for each, whose ratios are ours ÷ floor', async () => {
  const { code, out } = await run(['--json'], [made('first'), made('second')])
  const { rows, notes } = benchReport.parse(JSON.parse(out))
  expect(code).toBe(0)
  expect(rows.map(({ what }) => what)).toEqual(['first (of this run)', 'second (of this run)'])
  expect(rows[0]).toMatchObject({ unit: '/s', ours: 2, floor: 4, ratio: 0.5, cpu_ratio: 3, ours_p50_ms: 2 })
  expect(notes).toEqual(['a note', 'a note'])
})

test('a figure that was not taken is null, and a dash in the table', async () => {
  const ours = roundOf([1], 1)
  const row = rowOf('without processor time', 'p50', compare([{ ours, floor: ours }]))
  const rows = [{ what: row.what, run: async () => ({ row }) }]
  const { out } = await run(['--json'], rows)
  expect(benchReport.parse(JSON.parse(out)).rows[0]).toMatchObject({ ratio: 1, cpu_ratio: null })
  expect((await run([], rows)).out).toMatch(/without processor time +1\.00 ms +1\.00 ms +1\.00 +–/)
})

const named: [why: string, asked: string[], ran: string[]][] = [
  ['the name alone, though it begins others', ['ingest'], ['ingest']],
  ['the name as it was printed', ['ingest (of this run)'], ['ingest']],
  ['words without quotation marks, in any case', ['Beside', 'floor'], ['verify, beside floor']],
  ['all that have the words', ['beside'], ['ingest, beside', 'verify, beside floor']],
  ['nothing named: all but the long ones', [], ['ingest', 'ingest, beside', 'verify, beside floor']],
  ['a long one by its name', ['a million'], ['a million']],
]
test.each(named)('%s', async (_, asked, ran) => {
  const seen: string[] = []
  const rows = ['ingest', 'ingest, beside', 'verify, beside floor'].map((what) => made(what, seen))
  const { code } = await run(asked, [...rows, { ...made('a million', seen), isLong: true }])
  expect({ code, seen }).toEqual({ code: 0, seen: ran })
})

test('a wrong name lists the names and exits with 2; so does a wrong option', async () => {
  const seen: string[] = []
  const wrong = await run(['--json', 'no such row'], [made('first', seen)])
  expect(wrong).toMatchObject({ code: 2, out: '', err: expect.stringContaining('  first') })
  expect(await run(['--jason'], [made('first', seen)])).toMatchObject({ code: 2, out: '' })
  expect(seen).toEqual([])
})

test('a row that cannot be measured is named, and takes no other with it', async () => {
  const { code, out, err } = await run(['--json'], [broken, made('second')])
  expect(code).toBe(1)
  expect(benchReport.parse(JSON.parse(out)).rows.map(({ what }) => what)).toEqual(['second (of this run)'])
  expect(err).toContain('NOT MEASURED: one that breaks: Error: no browser here')
})

/** In the order of the releases before; new rows stand behind. */
const releasedRows = [
  'assess() beside a JSON round trip of the event',
  '12 rules beside json-rules-engine on the same 12',
  'the whole assess() with them beside it',
  expect.stringMatching(/^assess\(\) with \d+ signals raised and 200 rules beside none$/),
  'assess() with 1,000 rules beside 10',
  'ingest, saturated',
  'ingest, half of that',
  'verify, saturated',
  'verify, half of that',
  'journey',
  'history of 100 customers, lines; floor: parsed and stored',
  'history, somebody new on each line',
  'ingest at 50/s beside an import; floor: without it',
  "ingest at 50/s beside another tenant's 40 lists/s; floor: without them",
  'ingest alone, 1,000 sessions stored',
  'ingest alone, 10,000 sessions stored',
  'ingest alone, 100,000 sessions stored',
  'ingest alone, 1,000,000 sessions stored',
  'backtest of 100,000 events beside reading them',
]

test('every row has a name of its own, and the rows that are compared between releases come first', () => {
  const names = allRows.map(({ what }) => what)
  expect(new Set(names).size).toBe(names.length)
  expect(names.slice(0, releasedRows.length)).toEqual(releasedRows)
})
