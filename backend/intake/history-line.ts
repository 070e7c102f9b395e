import canonicalize from 'canonicalize'
import * as z from 'zod/mini'
import { dayMs, secondMs } from '#contract/durations'
import { type HistoryLine, historyLine, historyMaxYears, type RejectedLine } from '#contract/history'
import { mistakeWords } from '#contract/mistake'
import type { NormalisedEvent } from '#contract/normalised-event'
import type { RawLine } from './lines.ts'
import { clockSkewSeconds, type NormaliseOptions, normaliseEvent } from './normalise-event.ts'
import { parseStrictJson } from './strict-json.ts'

/** A line of a site's history that fits the contract. Times are epoch milliseconds. */
export type PastLine = {
  line: number
  key: string
  event: NormalisedEvent
  result: HistoryLine['result']
  /** When the result was known: when it happened, if the line does not say. */
  at: number
  /** The line in one spelling, to tell whether a key comes with the same line again. One that is taken back is spelt as it came. */
  canonical: string
}

export type ReadLine = { ok: true; past: PastLine } | { ok: false; rejected: RejectedLine }

const oldestMs = Math.ceil(historyMaxYears * 365.25) * dayMs

/** Reads a line of a site's history. Anything that is wrong with it names the line and says what to mend. */
export const readHistoryLine = ({ line, bytes }: RawLine, options: NormaliseOptions): ReadLine => {
  const json = parseStrictJson(bytes)
  if (!json.ok)
    return rejectedAs({ line, key: null }, json.code, '', json.detail.replace(/^The body/, 'The line'))
  const parsed = historyLine.safeParse(json.value, { error: mistakeWords })
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const key = withKey.safeParse(json.value).data?.key ?? null
    const path = issue?.path.map(String).join('.') ?? ''
    return rejectedAs({ line, key }, 'invalid_request', path, issue?.message ?? 'does not fit')
  }
  const { key, event: said, result, at } = parsed.data
  const wrong = (...why: [RejectedLine['code'], string, string]) => rejectedAs({ line, key }, ...why)
  const normalised = normaliseEvent(said, options)
  if (!normalised.ok) {
    const { reason, path, message } = normalised
    return wrong(reason, `event.${path}`, `${path} ${message}`)
  }
  const { event } = normalised
  if (event.occurred_at < options.now - oldestMs)
    return wrong('invalid_request', 'event.occurred_at', `must not be older than ${historyMaxYears} years`)
  const knownAt = at === undefined ? event.occurred_at : Date.parse(at)
  if (Number.isNaN(knownAt)) return wrong('invalid_request', 'at', 'must be an RFC 3339 date and time')
  if (knownAt > options.now + clockSkewSeconds * secondMs)
    return wrong('occurred_in_future', 'at', 'must not lie in the future')
  if (knownAt < event.occurred_at)
    return wrong('invalid_request', 'at', 'must not be earlier than event.occurred_at')
  const reported = result === 'retracted' ? 'reported_scam' : result
  const canonical = canonicalize({ ...parsed.data, result: reported }) ?? ''
  return { ok: true, past: { line, key, event, result, at: knownAt, canonical } }
}

const withKey = z.object({ key: z.string() })

const keyMax = 255
const pathMax = 200
const detailMax = 200

/** Bounded, because a call may bring thousands of them. */
export const rejectedAs = (
  { line, key }: Pick<RejectedLine, 'line' | 'key'>,
  code: RejectedLine['code'],
  path: string,
  detail: string,
): { ok: false; rejected: RejectedLine } => ({
  ok: false,
  rejected: {
    line,
    key: key?.slice(0, keyMax) ?? null,
    code,
    path: path.slice(0, pathMax),
    detail: detail.slice(0, detailMax),
  },
})
