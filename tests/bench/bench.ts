import { cpus, loadavg, release, totalmem, type } from 'node:os'
import { parseArgs } from 'node:util'
import * as z from 'zod/mini'
import { describeBundles } from './bundles.ts'
import { type Row, row } from './row.ts'
import { type BenchRow, openStage, type Stage } from './stage.ts'
import { tableOf } from './table.ts'

/** What `--json` prints: one object, and nothing else on the standard output. */
export const benchReport = z.strictObject({
  rows: z.array(row),
  /** Sentences for people. */
  notes: z.array(z.string()),
  machine: z.strictObject({
    at: z.iso.datetime(),
    node: z.string(),
    system: z.string(),
    cpus: z.string(),
    memory_gib: z.number(),
    /** Over one minute, at the end: above 2 on two cores means that something else ran too. */
    load: z.number(),
  }),
  seconds: z.number(),
})
type Report = z.infer<typeof benchReport>

type Says = { out: (text: string) => void; err: (text: string) => void }

/** Exit codes: 0 measured, 1 a row could not be measured, 2 asked for something that there is not. */
export const bench = async (
  args: string[],
  rows: readonly BenchRow[],
  { out, err }: Says,
): Promise<number> => {
  const asked = readArguments(args)
  if (!asked.ok) {
    err(asked.message)
    return 2
  }
  const { full, json, profile, name } = asked
  const wanted = name === null ? rows.filter(({ isLong }) => full || !isLong) : rowsNamed(name, rows)
  if (wanted.length === 0) {
    err(
      `No row is named ${JSON.stringify(name)}. There are:\n${rows.map(({ what }) => `  ${what}`).join('\n')}`,
    )
    return 2
  }
  const stage = openStage(profile)
  try {
    const { report, failed } = await measure(wanted, stage, err)
    out(json ? JSON.stringify(report, null, 2) : textOf(report, name === null))
    return failed ? 1 : 0
  } finally {
    await stage.close()
  }
}

const readArguments = (args: string[]) => {
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { full: { type: 'boolean' }, json: { type: 'boolean' }, profile: { type: 'boolean' } },
    })
    const { full = false, json = false, profile = false } = values
    return {
      ok: true,
      full,
      json,
      profile,
      name: positionals.length > 0 ? positionals.join(' ') : null,
    } as const
  } catch (fault) {
    const reason = fault instanceof Error ? fault.message : String(fault)
    return { ok: false, message: `${reason}\nnpm run bench -- [--json] [--full] [--profile] [ROW]` } as const
  }
}

/** The row of that name, as declared or as it was printed; else every row whose name has the words. */
const rowsNamed = (name: string, rows: readonly BenchRow[]): readonly BenchRow[] => {
  const wanted = name.toLowerCase()
  const exact = rows.filter(({ what }) => wanted === what.toLowerCase())
  if (exact.length > 0) return exact
  return rows.filter(({ what }) => {
    const declared = what.toLowerCase()
    return declared.includes(wanted) || wanted.startsWith(`${declared} (`)
  })
}

/** A row that fails is named and left out; the others are measured all the same. */
const measure = async (
  rows: readonly BenchRow[],
  stage: Stage,
  err: Says['err'],
): Promise<{ report: Report; failed: boolean }> => {
  const started = performance.now()
  const measured: Row[] = []
  const notes: string[] = []
  for (const { what, run } of rows) {
    err(`measuring: ${what}`)
    try {
      const result = await run(stage)
      measured.push(result.row)
      notes.push(...(result.notes ?? []))
    } catch (fault) {
      err(`NOT MEASURED: ${what}: ${fault instanceof Error ? fault.stack : String(fault)}`)
    }
  }
  const seconds = Math.round((performance.now() - started) / 1000)
  const report = { rows: measured, notes, machine: machineNow(), seconds }
  return { report, failed: measured.length < rows.length }
}

const machineNow = (): Report['machine'] => ({
  at: new Date().toISOString(),
  node: process.version,
  system: `${type()} ${release()}`,
  cpus: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}`,
  memory_gib: Math.round(totalmem() / 2 ** 30),
  load: Number((loadavg()[0] ?? 0).toFixed(2)),
})

const textOf = ({ rows, notes, machine, seconds }: Report, withBundles: boolean): string =>
  [
    `${machine.at}, node ${machine.node}, ${machine.system}`,
    `${machine.cpus}, ${machine.memory_gib} GiB; each server is one process, the load another`,
    '',
    ...tableOf(rows),
    '',
    ...notes,
    ...(withBundles ? ['', ...describeBundles()] : []),
    '',
    `load average at the end ${machine.load}: above 2 on two cores means that something else ran too`,
    `${seconds} s in all`,
  ].join('\n')
