import { setImmediate } from 'node:timers/promises'
import * as z from 'zod/mini'
import {
  type HistoryAnswer,
  historyAnswer,
  historyLine,
  historyMaxLines,
  type RejectedLine,
} from '#contract/history'
import { mistakeWords } from '#contract/mistake'
import { type NumberedLine, teachHistory } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import { parseStrictJson } from '../intake/strict-json.ts'
import { AppError } from './app-error.ts'
import { busyRefused } from './refusals.ts'
import { keyRoute, nothing, type Route } from './route.ts'

/** A site's past, line by line. A wrong line is named in the answer; the others are learned. */
export const historyRoutes = (deps: Deps): Route[] => [
  keyRoute('history:write', {
    method: 'POST',
    path: '/history',
    summary:
      'Teach what happened before you began to ask: one JSON object a line, `{key, event, result, at?}`',
    tag: 'History',
    accepts: ['ndjson'],
    whenLost: 'Repeat the request, which is safe: a line that was learned is known by its key.',
    request: { ...nothing, body: z.string() },
    answers: {
      200: { description: 'What was learned, line by line where it was not.', schema: historyAnswer },
    },
    handle: async ({ body, caller }) => {
      const lines = body.split('\n')
      if (lines.length > historyMaxLines)
        throw new AppError(
          'body_too_large',
          `Send at most ${historyMaxLines} lines at once, and the others in another request.`,
        )
      const answer: HistoryAnswer = { learned: 0, duplicates: 0, rejected: [] }
      for (let from = 0; from < lines.length; from += linesAtOnce) {
        const read = lines
          .slice(from, from + linesAtOnce)
          .flatMap((text, index) => (text.trim() === '' ? [] : [readLine(text, from + index + 1)]))
        const answered = await teachHistory(
          deps,
          caller,
          read.filter((one) => 'said' in one),
        )
        if (!answered.ok) throw busyRefused(answered)
        const { taught } = answered
        answer.learned += taught.learned
        answer.duplicates += taught.duplicates
        answer.rejected.push(...read.filter((one) => 'code' in one), ...taught.rejected)
        await setImmediate()
      }
      return {
        status: 200,
        body: { ...answer, rejected: answer.rejected.toSorted((a, b) => a.line - b.line) },
      }
    },
  }),
]

/** After so many lines other requests get their turn: a large history must not delay payments. */
const linesAtOnce = 10

const detailMax = 200
const withKey = z.object({ key: z.string() })

const readLine = (text: string, line: number): NumberedLine | RejectedLine => {
  const json = parseStrictJson(Buffer.from(text))
  if (!json.ok) return { line, key: null, code: json.code, path: '', detail: json.detail }
  const parsed = historyLine.safeParse(json.value, { error: mistakeWords })
  if (parsed.success) return { line, said: parsed.data }
  const [issue] = parsed.error.issues
  return {
    line,
    key: withKey.safeParse(json.value).data?.key ?? null,
    code: 'invalid_request',
    path: issue?.path.map(String).join('.') ?? '',
    detail: (issue?.message ?? 'does not fit').slice(0, detailMax),
  }
}
