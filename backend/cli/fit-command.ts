import { quietDays } from '#contract/backtest'
import { dayMs } from '#contract/durations'
import type { Analytics } from '../analytics/analytics.ts'
import { draftFit, type FitAnswer, reasonOf } from '../analytics/draft-fit.ts'
import { fitRowOf } from '../analytics/fit-to-outcomes.ts'
import type { PolicyTenant } from '../policy/describe.ts'
import { readPolicy } from '../policy/load.ts'
import { evaluateFile } from '../replay/evaluate-file.ts'
import { type FitRow, fitWeights } from '../risk/fit/fit-weights.ts'
import { type Command, given, type Tools, UsageError, type Values } from './command.ts'
import { openFile, progressOver } from './evaluate-commands.ts'
import { policyRefused, tenantOf } from './policy-commands.ts'

/** Fits weights to what became of events: of those that are stored, or of a labelled history that is replayed. */

const backtestDays = 366

/**
 * Of a file's lines: `reported_scam` is a fraud, `completed` at least 30 days before the last line is honest. What is stopped in the
 * replay counts as well, because the file says what it was.
 */
const fittedToFile = async (
  path: string,
  { org, environment }: PolicyTenant,
  tools: Tools,
): Promise<Analytics['fitWeights']> => {
  const base = org.policies[environment].live ?? tools.policy.version
  const policy = await readPolicy(tools, org._id, base)
  const file = await openFile(path)
  const rows: FitRow[] = []
  const lineDone = progressOver(file.lines)
  await evaluateFile(file, {
    policy,
    hold_hours: org.hold_hours,
    from: null,
    onLine: (lived) => {
      lineDone()
      const { at, line } = lived.moment
      const isFraud = line.result === 'reported_scam'
      const isHonest = line.result === 'completed' && file.to - at >= quietDays * dayMs
      const row = lived.ok && (isFraud || isHonest) ? fitRowOf(lived.session, policy, isFraud) : null
      if (row !== null) rows.push(row)
    },
  })
  const to = tools.clock()
  const range = { from: new Date(to - backtestDays * dayMs).toISOString(), to: new Date(to).toISOString() }
  const report = { base, ...fitWeights(rows, policy), ...range, truncated: false }
  return async () => ({ ok: true, report })
}

const fitMistakes: Record<Exclude<Extract<FitAnswer, { ok: false }>['reason'], 'invalid'>, string> = {
  stopping: 'was stopped; run it again',
  others_first: 'waits for other reports; run it again',
  unknown_base: 'was removed; run it again',
  nothing_to_change: 'has nothing to change',
  too_many: 'has as many drafts as are kept; remove one first',
  busy: 'is being changed by others; run it again',
}

/** Fits the weights to what became of events, and prints the draft that came of it. */
const fit = async (values: Values, tools: Tools): Promise<void> => {
  const tenant = await tenantOf(values, tools)
  const path = given(values, 'file')
  const source =
    path === null ? tools : { ...tools, analytics: { fitWeights: await fittedToFile(path, tenant, tools) } }
  const answer = await draftFit(source, tenant, 'operator')
  if (!answer.ok && answer.reason === 'invalid') throw policyRefused(answer, 'the live policy')
  if (!answer.ok) throw new UsageError(`the live policy ${fitMistakes[answer.reason]}`)
  const { frauds, honest, missing, changes, draft, backtest, base } = answer.fit
  const known = `${frauds} frauds and ${honest} honest events are known`
  if (missing.frauds + missing.honest > 0)
    return console.log(
      `${known}; ${missing.frauds} frauds and ${missing.honest} honest events more are needed. Nothing was changed.`,
    )
  if (draft === null) return console.log(`${known}; the weights of ${base} fit them. Nothing was changed.`)
  for (const change of changes) console.log(reasonOf(change))
  console.log(draft)
  const place = `--org ${tenant.org._id} --env ${tenant.environment}`
  console.error(
    `(a draft from ${known.replace(' are known', '')}: policy publish ${place} --id ${draft} --note "…" makes it live)`,
  )
  console.error(
    backtest === null
      ? '(too many backtests wait: start its own at the desk)'
      : `(backtest ${backtest}: the running backend carries it out)`,
  )
}

export const fitCommands: Record<string, Command> = {
  'policy fit': { needsStore: true, operand: 'file', options: ['file', 'org', 'env'], run: fit },
}
