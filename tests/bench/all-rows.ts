import { assessRows } from './assess-speed.ts'
import { backtestRows } from './backtest-speed.ts'
import { clickRows } from './click-speed.ts'
import { flatnessRows } from './flatness.ts'
import { historyRows } from './history-speed.ts'
import { ingestRows } from './ingest-speed.ts'
import { journeyRows } from './journey-speed.ts'
import { memoryRows } from './memory.ts'
import { mongoRows } from './mongo-speed.ts'
import { ruleRows } from './rule-speed.ts'
import type { BenchRow } from './stage.ts'
import { tenantRows } from './tenant-speed.ts'
import { verifyRows } from './verify-speed.ts'
import { workersRows } from './workers-speed.ts'

/** Every row, in the order in which it is measured and printed. A new one is a file of its own and a line here. */
export const allRows: readonly BenchRow[] = [
  ...assessRows,
  ...ruleRows,
  ...ingestRows,
  ...verifyRows,
  ...journeyRows,
  ...historyRows,
  ...tenantRows,
  ...flatnessRows,
  ...backtestRows,
  ...workersRows,
  ...memoryRows,
  ...clickRows,
  ...mongoRows,
]
