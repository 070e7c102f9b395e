import { createReadStream } from 'node:fs'
import { appendFile, rm, truncate, writeFile } from 'node:fs/promises'
import type { Environment } from '#contract/environment'
import { type TaughtBatch, teachHistory } from '../checkpoint.ts'
import { linesOf, type RawLine } from '../intake/lines.ts'
import type { Organisation } from '../org/organisation.ts'
import {
  type Command,
  given,
  knownOrganisation,
  needed,
  neededEnvironment,
  sizeOf,
  type Tools,
  UsageError,
  type Values,
} from './command.ts'
import { forgetReached, keepReached, type Reached, readReached } from './import-progress.ts'
import { openProgress } from './progress.ts'

/** Brings a site's past from a file of lines, as `POST /history` takes them, and remembers how far it came. */

/** Whoever brings a history has one organisation in mind; where there is one, it need not be named. */
const organisationIn = async (values: Values, tools: Tools): Promise<Organisation> => {
  if (given(values, 'org') !== null) return knownOrganisation(values, tools)
  const found = await tools.collections.organisations.find({
    index: 'all',
    equals: ['organisation'],
    limit: 2,
  })
  const [only] = found
  if (only === undefined || found.length > 1)
    throw new UsageError(
      `--org is missing: there is ${only === undefined ? 'no organisation' : 'more than one'} in ${tools.storeName}`,
    )
  return only
}

const environmentIn = (values: Values): Environment =>
  given(values, 'env') === null ? 'live' : neededEnvironment(values)

/** Ends an import between two batches: whoever stops it goes on later. */
class Stopped extends Error {}

type Place = {
  path: string
  rejects: string
  tenant: string
  isDry: boolean
}
type At = Omit<Reached, 'head_sha256'>

/** Where to begin. What was written to the file of rejects behind that is written again. */
const beginAt = async ({ path, rejects, tenant, isDry }: Place, tools: Tools): Promise<At> => {
  const before = isDry ? null : await readReached(path, tenant)
  if (before === null) await writeFile(rejects, '')
  else {
    await truncate(rejects, before.rejects_bytes).catch(() => writeFile(rejects, ''))
    console.error(`${path} was brought up to line ${before.line}: going on behind it`)
  }
  const nothing = { line: 0, end: 0, learned: 0, duplicates: 0, rejected: 0, rejects_bytes: 0 }
  return before ?? { tenant, import_id: `imp_${tools.random(12).toString('hex')}`, ...nothing }
}

/** What a batch came to, in the file of rejects and in `at`. Answers whether the file ends in the middle of a line. */
const note = async (
  { path, rejects, isDry }: Place,
  at: At,
  { learned, duplicates, rejected }: TaughtBatch,
  lines: readonly RawLine[],
): Promise<boolean> => {
  const last = lines.at(-1)
  const broken = rejected.at(-1)
  const isCut = last?.isCutOff === true && broken?.line === last.line && broken.code === 'malformed_json'
  // Half a line is none: it is read again when the file is whole.
  const named = isCut ? rejected.slice(0, -1) : rejected
  const text = named.map((line) => `${JSON.stringify(line)}\n`).join('')
  await appendFile(rejects, text)
  at.learned += learned
  at.duplicates += duplicates
  at.rejected += named.length
  at.rejects_bytes += Buffer.byteLength(text)
  if (last !== undefined) {
    at.line = isCut ? last.line - 1 : last.line
    at.end = isCut ? last.end - last.bytes.length : last.end
  }
  if (!isDry) await keepReached(path, at)
  return isCut
}

const importHistory = async (values: Values, tools: Tools): Promise<void> => {
  const path = needed(values, 'file')
  const isDry = values['dry-run'] === true
  const size = await sizeOf(path)
  const org = await organisationIn(values, tools)
  const environment = environmentIn(values)
  const rejects = `${path}${isDry ? '.dry-run' : ''}.rejects`
  const place: Place = { path, rejects, tenant: `${org._id}/${environment}`, isDry }
  const at = await beginAt(place, tools)

  let isStopped = false
  const stop = () => {
    isStopped = true
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
  const progress = openProgress(size, at)
  let isCut = false
  const teacher = {
    caller: { org, environment, key_id: 'operator' },
    by: 'operator',
    mayLabel: true,
    import_id: at.import_id,
    dry_run: isDry,
  } as const
  const lines = linesOf(createReadStream(path, { start: at.end }), at)
  const taught = await teachHistory(tools, teacher, lines, async (batch, raw) => {
    isCut = await note(place, at, batch, raw)
    progress.at(at.end, at.line, at.rejected)
    if (isStopped) throw new Stopped()
  }).catch((fault: unknown) => {
    if (!(fault instanceof Stopped)) throw fault
    throw new UsageError(`\nstopped behind line ${at.line}; the same command goes on from there`)
  })
  if (!taught.ok)
    throw new UsageError(`too many others write at once; the same command goes on behind line ${at.line}`)
  await finish(place, at, progress.rate(at.line), isCut)
}

const finish = async (
  { path, rejects, tenant, isDry }: Place,
  at: At,
  rate: number,
  isCut: boolean,
): Promise<void> => {
  const would = isDry ? 'would be ' : ''
  console.log(
    `${tenant}: ${at.learned} ${would}learned, ${at.duplicates} known before, ${at.rejected} rejected, ${rate} lines a second`,
  )
  if (at.rejected === 0) await rm(rejects)
  else console.error(`${rejects} says why, a line each`)
  if (isCut)
    throw new UsageError(
      `${path} ends in the middle of line ${at.line + 1}: it was cut off. Complete it and give the same command again`,
    )
  if (!isDry) await forgetReached(path)
}

export const historyCommands: Record<string, Command> = {
  'history import': {
    needsStore: true,
    operand: 'file',
    options: ['file', 'org', 'env', 'dry-run'],
    run: importHistory,
  },
}
