import { Readable } from 'node:stream'
import * as z from 'zod/mini'
import {
  type HistoryAnswer,
  historyAnswer,
  historyLine,
  historyMaxBytes,
  historyMaxLines,
  importId,
} from '#contract/history'
import { type FairTurns, fairTurns } from '../analytics/fair-turns.ts'
import { teachHistory } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import { linesOf } from '../intake/lines.ts'
import { AppError, busy } from './app-error.ts'
import { busyRefused } from './refusals.ts'
import { keyRoute, nothing, type Route } from './route.ts'

/** A site's past, line by line as it arrives. A wrong line is named in the answer; the others are learned. */
export const historyRoutes = (deps: Deps, turns = turnsOf(deps)): Route[] => [
  keyRoute('history:write', {
    method: 'POST',
    path: '/history',
    summary:
      'Teach what happened before you began to ask: one JSON object a line, `{key, event, result, at?}`',
    description: [
      `Up to ${historyMaxLines} lines or ${historyMaxBytes / 1_048_576} MB a call, in any order. ${importsAtOnce} calls at once are worked on, and ${importsInLine} more wait for their turn. It teaches and is never judged. \`result\` says what became of it: only \`completed\` becomes usual for the person; \`failed\` teaches nothing; \`reported_scam\` is about the payee, dated from \`at\`: in full if the key has \`labels:write\` too, else as one person’s report.`,
      '`retracted` takes a `reported_scam` back for good, whichever key brought it: the very line that reported, with only its `result` changed, in the same call or a later one. What was said in full needs `labels:write`; where no line reported, it is rejected (`result_refused`).',
      'A line is known by its `key` for a year: the same line again is a duplicate, another line under the key is rejected (`idempotency_key_reused`), and a key that was an ingest’s `Idempotency-Key` is that event, of which the line tells the result. So a call that broke off is simply repeated.',
      'Every call is an entry of the organisation’s trail. `Import-Id` names the import that it belongs to; left out, one is made up, and the answer’s header says it.',
    ].join('\n\n'),
    tag: 'History',
    accepts: ['ndjson'],
    line: historyLine,
    whenLost: 'Repeat the request, which is safe: a line that was learned is known by its key.',
    request: {
      ...nothing,
      headers: z.object({ 'import-id': z.optional(importId) }),
      body: z.custom<AsyncIterable<Buffer>>(isAsyncIterable),
    },
    answers: {
      200: { description: 'What was learned, line by line where it was not.', schema: historyAnswer },
    },
    handle: async ({ body, caller, headers }) => {
      const teacher = {
        caller,
        by: 'key',
        mayLabel: caller.scopes.includes('labels:write'),
        import_id: headers['import-id'] ?? `imp_${deps.random(12).toString('hex')}`,
        dry_run: false,
      } as const
      const answer: HistoryAnswer = { learned: 0, duplicates: 0, rejected: [] }
      const taught = await turns.take(caller.org._id, () =>
        teachHistory(deps, teacher, linesOf(readAhead(bounded(body))), (batch) => {
          answer.learned += batch.learned
          answer.duplicates += batch.duplicates
          for (const line of batch.rejected) answer.rejected.push(line)
        }),
      )
      if (taught === null)
        throw busy(
          `${importsInLine} imports of yours wait already. Send the next when one of them was answered.`,
        )
      if (!taught.ok) throw busyRefused(taught)
      return { status: 200, body: answer, headers: { 'Import-Id': teacher.import_id } }
    },
  }),
]

function isAsyncIterable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

/** Each may keep a whole body in memory, and more at once would only wait for each other. */
const importsAtOnce = 4
/** Their bodies stay on the wire. A site that brings many small files at once waits, and isn't refused. */
const importsInLine = 64

/** An organisation's imports, in the order in which they came; those of others don't count. */
const turnsOf = ({ config }: Deps): FairTurns =>
  fairTurns({
    slots: Number.POSITIVE_INFINITY,
    // As many processes work on them together.
    ofOwner: Math.ceil(importsAtOnce / config.workers),
    inLineOfOwner: importsInLine,
    inLine: Number.POSITIVE_INFINITY,
  })

/** Far more than a body of `historyMaxBytes` comes in, unless somebody cuts it into crumbs. */
const chunksAhead = 4_096

/**
 * Takes a body off the wire while the lines before it wait to be learned: how long a body may take to arrive is the sender's
 * limit, and must not run out because others' imports come first. A fault comes after what had arrived before it.
 */
async function* readAhead(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const arrived of Readable.from(faultLast(body), { highWaterMark: chunksAhead })) {
    if (!Buffer.isBuffer(arrived)) throw arrived
    yield arrived
  }
}

async function* faultLast(body: AsyncIterable<Buffer>): AsyncGenerator<unknown> {
  try {
    yield* body
  } catch (fault) {
    yield fault
  }
}

const newline = 0x0a

/**
 * What of a body may be read. What lies beyond is taken off the wire and dropped, so that the caller reads the refusal
 * instead of a broken connection; of what came before it, whole batches were learned.
 */
async function* bounded(body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0
  let lines = 0
  let isLineOpen = false
  let isOver = false
  for await (const chunk of body) {
    bytes += chunk.length
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, at + 1)) lines += 1
    isLineOpen = chunk.at(-1) !== newline
    isOver ||= bytes > historyMaxBytes || lines + (isLineOpen ? 1 : 0) > historyMaxLines
    if (!isOver) yield chunk
  }
  if (isOver)
    throw new AppError(
      'body_too_large',
      `Send at most ${historyMaxLines} lines or ${historyMaxBytes} bytes at once, and the others in another request. Some of the lines were learned; bringing them again is harmless.`,
    )
}
