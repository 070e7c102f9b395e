import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, loadavg, release, tmpdir, totalmem, type } from 'node:os'
import { join } from 'node:path'
import { measureAssess } from './assess-speed.ts'
import { measureBacktest } from './backtest-speed.ts'
import { describeBundles } from './bundles.ts'
import { type Server, startServer } from './control.ts'
import { measureFlatness } from './flatness.ts'
import { measureHistory } from './history-speed.ts'
import { measureIngest } from './ingest-speed.ts'
import { measureJourneys } from './journey-speed.ts'
import { measureRules } from './rule-speed.ts'
import { tableOf } from './table.ts'
import { measureTenants } from './tenant-speed.ts'
import { knownUsers } from './traffic.ts'
import { measureVerify } from './verify-speed.ts'

/**
 * npm run bench: how much our backend costs beside the least that the same libraries could do, in one run on one machine.
 * Ratios are the result; the absolute figures belong to the machine, which is why nothing here passes or fails by time.
 *
 * `--full` measures flatness up to a million stored sessions (minutes, and several gigabytes of temporary space).
 * `--profile` adds where the server's time goes during ingest and verify.
 */

const isFull = process.argv.includes('--full')
const wantsProfile = process.argv.includes('--profile')
const dataDir = mkdtempSync(join(tmpdir(), 'ase-bench-'))
const started = performance.now()
const say = (lines: readonly string[]): void => console.log(`${lines.join('\n')}\n`)

const machine = (ours: Server): string[] => [
  `${new Date().toISOString()}, node ${process.version}, ${type()} ${release()}`,
  `${cpus().length} × ${cpus()[0]?.model ?? 'unknown CPU'}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
  `store: ${ours.engine}, WAL, synchronous=FULL; each server is one process, the load another`,
]

const run = async (): Promise<void> => {
  const [ours, floor] = await Promise.all([
    startServer('our-server.ts', dataDir),
    startServer('floor-server.ts', dataDir),
  ])
  say(machine(ours))
  const assess = measureAssess()
  const rules = await measureRules()
  await ours.ask({ do: 'prefill_profiles', count: knownUsers })
  const ingest = await measureIngest(ours, floor, wantsProfile)
  const verify = await measureVerify(ours, floor, ingest.permissions, wantsProfile)
  const journeys = await measureJourneys(ours, floor)
  const history = await measureHistory(ours, floor)
  const tenants = await measureTenants(ours)
  await ours.stop()
  const flatness = await measureFlatness(floor, dataDir, isFull)
  await floor.stop()
  const backtest = await measureBacktest(dataDir)

  say(
    tableOf([
      { what: 'assess() beside a JSON round trip of the event', ...assess, by: 'perSecond' },
      ...rules.rows,
      ...ingest.rows,
      ...verify.rows,
      ...journeys.rows,
      ...history.rows,
      ...tenants.rows,
      ...flatness.rows,
      ...backtest.rows,
    ]),
  )
  say([
    ...rules.notes,
    ...ingest.notes,
    ...verify.notes,
    ...journeys.notes,
    ...history.notes,
    ...tenants.notes,
    ...flatness.notes,
    ...backtest.notes,
  ])
  say(describeBundles())
  const load = loadavg().map((value) => value.toFixed(1))
  say([`load average at the end ${load.join(', ')}: above 2 on two cores means that something else ran too`])
  say([`${((performance.now() - started) / 1000).toFixed(0)} s in all`])
}

try {
  await run()
} finally {
  rmSync(dataDir, { recursive: true, force: true })
}
