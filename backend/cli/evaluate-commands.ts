import { readFileSync, writeFileSync } from 'node:fs'
import { dateTime } from '#contract/text'
import { checkPolicy } from '../policy/check.ts'
import { readPolicy } from '../policy/load.ts'
import { evaluateFile } from '../replay/evaluate-file.ts'
import { openLabelledFile } from '../replay/labelled-file.ts'
import { drawnEvaluation, printedEvaluation } from '../replay/report-of-file.ts'
import type { Policy } from '../risk/policy.ts'
import { type Command, given, needed, type Tools, UsageError, type Values } from './command.ts'
import { tenantOf } from './policy-commands.ts'

/** Replays a site's own labelled history, to see beforehand whom the engine would have met and what it would have stopped. */

const toldEveryMs = 1000

/** Writes to standard error how far it is; on a terminal one line, over and over. */
export const progressOver = (lines: number): (() => void) => {
  const began = performance.now()
  let [done, told] = [0, began]
  return () => {
    done += 1
    const now = performance.now()
    if (!process.stderr.isTTY || (now - told < toldEveryMs && done < lines)) return
    told = now
    const rate = (done / (now - began)) * 1000
    const minutes = Math.ceil((lines - done) / rate / 60)
    process.stderr.write(
      `\r${done} of ${lines} lines, ${Math.round(rate)} a second, ${minutes} min left ${done < lines ? '' : '\n'}`,
    )
  }
}

/** A labelled history; what is wrong in it is said on standard error. */
export const openFile = async (path: string) => {
  const opened = await openLabelledFile(path).catch((fault: unknown) => {
    throw new UsageError(`${path}: can't be read (${fault instanceof Error ? fault.message : fault})`)
  })
  if (!opened.ok) throw new UsageError(`${path}: ${opened.reason}`)
  const { file } = opened
  const { count, first } = file.wrong
  for (const { line, detail } of first) console.error(`${path}: line ${line}: ${detail}`)
  if (count > 0) console.error(`${path}: ${count} lines are wrong and left out; ${file.lines} are used`)
  return file
}

const policyIn = (path: string): Policy => {
  const read = (): unknown => {
    try {
      return JSON.parse(readFileSync(path, 'utf8'))
    } catch (fault) {
      throw new UsageError(
        `--policy: ${path} can't be read as JSON (${fault instanceof Error ? fault.message : fault})`,
      )
    }
  }
  const checked = checkPolicy(read())
  if (checked.ok) return checked.policy
  const lines = checked.problems.map(({ path: at, message }) => `  ${at}: ${message}`)
  throw new UsageError(`--policy: ${path} is no policy that may be published\n${lines.join('\n')}`)
}

const startOf = (values: Values): number | null => {
  const text = given(values, 'from')
  if (text === null) return null
  const parsed = dateTime.safeParse(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text)
  if (!parsed.success) throw new UsageError('--from must be a day such as 2026-01-01')
  return Date.parse(parsed.data)
}

const evaluate = async (values: Values, tools: Tools): Promise<void> => {
  const path = needed(values, 'file')
  const from = startOf(values)
  const { org, environment } = await tenantOf({ env: 'live', ...values }, tools)
  const named = given(values, 'policy')
  const live = org.policies[environment].live ?? tools.policy.version
  const policy = named === null ? await readPolicy(tools, org._id, live) : policyIn(named)
  const file = await openFile(path)
  if (from !== null && from > file.to) throw new UsageError('--from is after the last line of the file')
  const evaluation = await evaluateFile(file, {
    policy,
    hold_hours: org.hold_hours,
    from,
    onLine: progressOver(file.lines),
  })
  console.log(printedEvaluation(evaluation))
  const out = given(values, 'out')
  if (out !== null) writeFileSync(out, drawnEvaluation(evaluation))
}

export const evaluateCommands: Record<string, Command> = {
  evaluate: {
    needsStore: true,
    operand: 'file',
    options: ['file', 'org', 'env', 'policy', 'from', 'out'],
    run: evaluate,
  },
}
