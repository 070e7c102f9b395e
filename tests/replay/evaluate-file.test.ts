import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { HistoryLine } from '#contract/history'
import { evaluateFile } from '../../backend/replay/evaluate-file.ts'
import { type LabelledFile, openLabelledFile } from '../../backend/replay/labelled-file.ts'
import { drawnEvaluation, printedEvaluation } from '../../backend/replay/report-of-file.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { dayMs, goLive } from '../population/calendar.ts'
import { populationOf } from '../population/population.ts'
import { replay } from '../population/replay.ts'
import { labelledLinesOf } from './labelled-population.ts'

/** A site's own history through the engine, from the file to the page. */

const folder = mkdtempSync(join(tmpdir(), 'evaluate-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
const fileOf = (text: string): string => {
  files += 1
  const path = join(folder, `${files}.ndjson`)
  writeFileSync(path, text)
  return path
}
const asText = (lines: readonly unknown[]): string =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('')

const opened = async (text: string): Promise<LabelledFile> => {
  const answer = await openLabelledFile(fileOf(text))
  if (!answer.ok) throw new Error(answer.reason)
  return answer.file
}
const evaluated = async (text: string, from: number | null = null) =>
  evaluateFile(await opened(text), { policy: defaultPolicy, hold_hours: 12, from, onLine: () => {} })

const line = (nth: number, change: Partial<HistoryLine> = {}): HistoryLine => ({
  key: `k${nth}`,
  event: {
    action: 'transfer',
    user: { id: `u${nth % 3}`, email: 'ana@example.com' },
    amount: { value: 100_00, currency: 'EUR' },
    payee: { account: 'ES9121000418450200051332' },
    occurred_at: new Date(goLive + nth * dayMs).toISOString(),
  },
  result: 'completed',
  ...change,
})

describe('a labelled history in a file', () => {
  it('is lived through as the population is: the same scores and outcomes, whatever the order of its lines', async () => {
    const population = populationOf(34, { customers: 8, weeks: 4, pastWeeks: 8 })
    const text = asText(labelledLinesOf(population).toReversed())
    const { met } = await replay(population, 'year')
    const { payments, brought, kinds } = await evaluated(text, goLive)
    expect(brought).toEqual({ learned: population.past.length, rejected: 0 })
    // Intruders with a mailbox and without act alike in a file, so only what stands before the first fraud is the same for sure.
    const honest = met.slice(
      0,
      met.findIndex(({ fraud }) => fraud !== null),
    )
    expect(honest.length).toBeGreaterThan(10)
    expect(
      payments.slice(0, honest.length).map(({ at, score, outcome, spent }) => [at, score, outcome, spent]),
    ).toEqual(honest.map(({ at, score, outcome, spent }) => [at, score, outcome, spent]))
    expect(payments.map(({ fraud }) => fraud?.kind ?? null)).toEqual(
      met.map(({ fraud }) => fraud?.kind ?? null),
    )
    expect(kinds.length).toBeGreaterThan(0)
  })

  it('learns of a fraud when the site did, and not before', async () => {
    const mule = { account: 'GB33BUKB20201555555555', name: 'J. Smith' }
    const to = (nth: number, change: Partial<HistoryLine> = {}) => {
      const plain = line(nth, change)
      return {
        ...plain,
        event: { ...plain.event, payee: mule, user: { id: `payer${nth}`, email: 'p@example.com' } },
      }
    }
    const heard = { result: 'reported_scam', at: new Date(goLive + 5 * dayMs).toISOString() } as const
    const { payments } = await evaluated(asText([to(0, heard), to(3), to(9)]))
    const [first, before, after] = payments.map(({ reasons }) => reasons.map(({ code }) => code))
    expect(first).not.toContain('BENEFICIARY_REPORTED')
    expect(before).not.toContain('BENEFICIARY_REPORTED')
    expect(after).toContain('BENEFICIARY_REPORTED')
    const unheard = await evaluated(asText([to(0, { result: 'reported_scam' }), to(9)]))
    expect(unheard.payments[1]?.reasons.map(({ code }) => code)).not.toContain('BENEFICIARY_REPORTED')
  })

  it('a report that was taken back is no label, wherever the line stands that says so', async () => {
    const heard = { at: new Date(goLive + 5 * dayMs).toISOString() } as const
    const [scam, back] = [
      line(1, { ...heard, result: 'reported_scam' }),
      line(1, { ...heard, result: 'retracted' }),
    ]
    const stands = line(2, { ...heard, result: 'reported_scam' })
    for (const lines of [
      [scam, stands, back],
      [back, stands, scam],
      [back, stands],
    ]) {
      const file = await opened(asText(lines))
      expect(file).toMatchObject({
        lines: 2,
        results: { completed: 1, failed: 0, reported_scam: 1 },
        hearings: [{ heardAs: 'k2' }],
      })
      expect([...file.inOrder()].map(({ key, result }) => [key, result])).toEqual([
        ['k1', 'completed'],
        ['k2', 'reported_scam'],
      ])
    }
  })

  it('what failed is lived through and not measured; a key is met once; what the engine refuses is counted', async () => {
    const unknown = { ...line(4), event: { ...line(4).event, action: 'dance', amount: null, payee: null } }
    const { payments, failed, refused } = await evaluated(
      asText([line(1), line(2, { result: 'failed' }), line(1), { ...line(3), key: 'k2' }, unknown]),
    )
    expect(payments).toHaveLength(1)
    expect(failed).toBe(1)
    expect([...refused]).toEqual([
      ['repeated', 1],
      ['idempotency_key_reused', 1],
      ['action_unknown', 1],
    ])
  })

  it('supposes a mailbox where the file says none, and says so', async () => {
    const bare = [1, 2].map((nth) => ({ ...line(nth), event: { ...line(nth).event, user: { id: 'u' } } }))
    const evaluation = await evaluated(asText(bare))
    expect(evaluation.withoutMailbox).toBe(2)
    expect(printedEvaluation(evaluation)).toContain('2 lines have no user.email: a mailbox was supposed.')
  })

  it('one class alone: the other’s figures are dashes, and a sentence says why', async () => {
    const honest = await evaluated(asText([line(1), line(2)]))
    expect(printedEvaluation(honest)).toContain('nothing can be said of detection')
    expect(printedEvaluation(honest)).toContain('| score | – | – |')
    const frauds = await evaluated(asText([line(1, { result: 'reported_scam' })]))
    expect(printedEvaluation(frauds)).toContain('nothing can be said of friction')
    expect(drawnEvaluation(frauds)).not.toContain('NaN')
  })

  it('a page escapes what the file says', async () => {
    const evil = line(1, { result: 'reported_scam' })
    const kind = '<script>alert("1")</script>'
    const text = asText([{ ...evil, event: { ...evil.event, metadata: { kind } } }, line(2)])
    expect(drawnEvaluation(await evaluated(text))).not.toContain('<script')
  })
})

describe('a file that is broken', () => {
  it('10,000 wrong lines: all are counted, ten are named, and the good ones among them are used', async () => {
    const broken = Array.from({ length: 10_000 }, (_, nth) => (nth % 2 === 0 ? '{"key": 1}' : 'no json'))
    const file = await opened(`${broken.join('\n')}\n${asText([line(1)])}`)
    expect(file.lines).toBe(1)
    expect(file.wrong.count).toBe(10_000)
    expect(file.wrong.first).toHaveLength(10)
    expect(file.wrong.first[1]).toEqual({ line: 2, detail: 'is not JSON' })
  })

  it('cut in the middle: the last line says so, and the others are used', async () => {
    const file = await opened(asText([line(1), line(2), line(3)]).slice(0, -40))
    expect(file.lines).toBe(2)
    expect(file.wrong.first).toEqual([{ line: 3, detail: 'the file ends in the middle of it' }])
  })

  it.each([
    ['nothing', '', 'it is empty'],
    ['no line that can be used', 'a\nb\n', '(2 are wrong): line 1: is not JSON'],
  ])('%s', async (_what, text, reason) => {
    const answer = await openLabelledFile(fileOf(text))
    expect(answer.ok ? '' : answer.reason).toContain(reason)
  })

  it('a line longer than POST /history takes is named, and those around it are read where they stand', async () => {
    const long = { ...line(2), event: { ...line(2).event, metadata: { kind: 'x'.repeat(2_000_000) } } }
    const file = await opened(`${asText([line(3), long])}\n${asText([line(1)]).trimEnd()}`)
    expect(file.wrong).toEqual({ count: 1, first: [{ line: 2, detail: 'is longer than 65536 bytes' }] })
    expect([...file.inOrder()].map(({ key }) => key)).toEqual(['k1', 'k3'])
  })

  it('lines of characters of many bytes, longer than a chunk of the file, are read where they stand', async () => {
    const long = [2, 1].map((nth) => ({
      ...line(nth),
      event: { ...line(nth).event, metadata: { kind: '–é'.repeat(1500) } },
    }))
    const many = Array.from({ length: 30 }, (_, round) =>
      long.map((one, nth) => ({ ...one, key: `${round}-${nth}` })),
    ).flat()
    const file = await opened(asText(many))
    const times = [...file.inOrder()].map(({ event }) => event.occurred_at)
    expect(times).toHaveLength(60)
    expect(times).toEqual(times.toSorted())
  })
})
