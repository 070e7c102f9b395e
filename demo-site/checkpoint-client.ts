import * as z from 'zod/mini'

/**
 * The whole integration with Anti Social Engine, as a site's backend writes it: bring what happened before (`history`),
 * ask before a risky action (`ingest`), spend the decision (`verify`), say what became of it (`reportResult`).
 * Nothing here trusts the browser, and nothing here throws away a doubt: whatever is not a clear answer is a
 * `CheckpointError`, and the caller then carries nothing out.
 */

/** Nothing is carried out under a hold; from `ends_at` on the person can start again, unless it needs a release. */
const hold = z.object({
  id: z.string(),
  ends_at: z.string(),
  reason: z.string(),
  needs_release: z.optional(z.boolean()),
})
export type Hold = z.infer<typeof hold>

const ingestAnswer = z.object({
  event_id: z.string(),
  outcome: z.enum(['allow', 'delay_verify', 'block_escalate']),
  score: z.number(),
  session: z.object({ id: z.string(), url: z.url(), expires_at: z.string() }),
  token: z.optional(z.string()),
  hold: z.optional(hold),
})
export type IngestAnswer = z.infer<typeof ingestAnswer>

const verifyAnswer = z.object({
  valid: z.boolean(),
  /** Why not, by how the check ended: tell the customer by it. */
  code: z.optional(z.string()),
  /** With `revoked`: how it ended after all. */
  revoked_because: z.optional(z.string()),
  /** With `action_mismatch`: the fields of `expected` that are not what was asked about. For your log, not for the customer. */
  mismatched: z.optional(z.array(z.string())),
  hold: z.optional(hold),
  session_id: z.nullable(z.string()),
})
type VerifyAnswer = z.infer<typeof verifyAnswer>

const historyAnswer = z.object({
  learned: z.number(),
  duplicates: z.number(),
  rejected: z.array(z.unknown()),
})
type HistoryAnswer = z.infer<typeof historyAnswer>

/** RFC 9457: programs read `code`; `detail` tells a developer what to mend. */
const problemAnswer = z.object({ code: z.string(), detail: z.string() })

/** The action as this site is about to carry it out, amounts in minor units; `null` means "none", never "any". */
export interface ExpectedAction {
  action: string
  user_id: string
  amount: number | null
  currency: string | null
  payee: { id?: string; name?: string; account?: string; country?: string } | null
  target: string | null
}

/** What became of an action: it was carried out, it failed, it was given up, the person says that it was a scam, or takes that back. */
type EventResult = 'completed' | 'failed' | 'abandoned' | 'reported_scam' | 'retracted'

/** Something that happened before: the event as it would have been asked about, and what became of it. */
export interface PastEvent {
  /** The same line brought twice is learned once. */
  key: string
  event: object & { occurred_at: string }
  result: EventResult
}

/** The token that the page brought back, or, after a redirect, the session that the return URL names. */
export type Proof = { token: string } | { session_id: string }

/** No usable answer. `retryable` is false when the same request can only be refused again. */
export class CheckpointError extends Error {
  readonly retryable: boolean
  readonly code: string
  constructor(message: string, code: string, retryable: boolean) {
    super(message)
    this.name = 'CheckpointError'
    this.code = code
    this.retryable = retryable
  }
}

/** One call as it went over the wire, before masking. `status` is null when no answer came. */
export interface Exchange {
  path: string
  headers: Record<string, string>
  body: unknown
  status: number | null
  answer: unknown
  /** Why no answer came, in a few words. */
  missed: string | null
  tookMs: number
}
/** Hears of every call; leave it out if nobody looks on. */
export type Observe = (exchange: Exchange) => void

const answerWithinMs = 5000

/** What is sent, and what somebody who looks on is shown of it. */
interface Sending {
  url: string
  path: string
  headers: Record<string, string>
  text: string
  shown: unknown
}

/** Node's fetch wraps what the socket said; a time limit has a name of its own. */
const whyMissed = (fault: unknown): string => {
  if (fault instanceof Error && fault.name === 'TimeoutError')
    return `no answer within ${answerWithinMs / 1000} s`
  const cause = fault instanceof Error ? fault.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return code === 'ECONNREFUSED' ? 'nobody listens there' : 'the connection broke'
}

/** Sends one call and answers its body; whatever is no success is thrown, and said whether to repeat it. */
const send = async (
  { url, path, headers, text, shown }: Sending,
  observe: Observe | undefined,
): Promise<unknown> => {
  const startedAt = performance.now()
  let status: number | null = null
  let answer: unknown = null
  let missed: string | null = null
  try {
    const response = await fetch(new URL(path, url), {
      method: 'POST',
      headers,
      body: text,
      redirect: 'error',
      signal: AbortSignal.timeout(answerWithinMs),
    })
    answer = await response.json().catch(() => null)
    status = response.status
  } catch (fault) {
    // Unreachable or too slow: `status` stays null and the caller is told below.
    missed = whyMissed(fault)
  }
  observe?.({ path, headers, body: shown, status, answer, missed, tookMs: performance.now() - startedAt })
  if (status === null) throw new CheckpointError('The checkpoint did not answer.', 'unreachable', true)
  if (status >= 200 && status < 300) return answer
  const problem = z.safeParse(problemAnswer, answer).data
  const code = problem?.code ?? `http_${status}`
  throw new CheckpointError(
    `The checkpoint answered ${status} (${code}): ${problem?.detail ?? 'without a word why'}`,
    code,
    status === 429 || status >= 500,
  )
}

const parse = <T extends z.ZodMiniType>(schema: T, answer: unknown): z.output<T> => {
  const parsed = z.safeParse(schema, answer)
  if (parsed.success) return parsed.data
  throw new CheckpointError('The checkpoint answered something else than promised.', 'unreadable', true)
}

/** A client for one API address and its secret keys; all of them stay on the server. */
export const checkpointClient = (apiUrl: string, secretKey: string, historyKey: string | null = null) => {
  const post = (path: string, body: object, headers: Record<string, string>, observe?: Observe) => {
    const all = { authorization: `Bearer ${secretKey}`, 'content-type': 'application/json', ...headers }
    return send({ url: apiUrl, path, headers: all, text: JSON.stringify(body), shown: body }, observe)
  }

  return {
    /** Ask before acting. The key makes a repeated request the same request. */
    async ingest(event: object, idempotencyKey: string, observe?: Observe): Promise<IngestAnswer> {
      const headers = { 'idempotency-key': idempotencyKey }
      return parse(ingestAnswer, await post('/events/ingest', event, headers, observe))
    },

    /**
     * Spend the decision. Only `valid: true` means: carry this out, now, once.
     *
     * Always with an `idempotency_key`, the same one until an answer has come. A decision can be spent once; when the
     * answer is lost on the way, or is a 503, nobody here knows whether it was. Asked again under the same key, the API
     * repeats what it said. Without a key it could only say `already_used`, and a payment that was confirmed would be lost.
     */
    async verify(
      proof: Proof,
      expected: ExpectedAction,
      context: object,
      idempotencyKey: string,
      observe?: Observe,
    ): Promise<VerifyAnswer> {
      const body = { ...proof, expected, context, idempotency_key: idempotencyKey }
      return parse(verifyAnswer, await post('/decisions/verify', body, {}, observe))
    },

    /** What became of it teaches the next decision. */
    async reportResult(eventId: string, result: EventResult, observe?: Observe): Promise<void> {
      await post(`/events/${encodeURIComponent(eventId)}/result`, { result }, {}, observe)
    },

    /** Whether there is a key to bring a history with. */
    bringsHistory: historyKey !== null,

    /** What happened before, one JSON object a line, under a key that may do nothing else. It teaches; it is never judged. */
    async history(lines: readonly PastEvent[], observe?: Observe): Promise<HistoryAnswer> {
      const headers = { authorization: `Bearer ${historyKey}`, 'content-type': 'application/x-ndjson' }
      const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('')
      const shown = [...lines.slice(-2), `… ${Math.max(0, lines.length - 2)} lines before these`]
      return parse(
        historyAnswer,
        await send({ url: apiUrl, path: '/history', headers, text, shown }, observe),
      )
    },
  }
}
export type CheckpointClient = ReturnType<typeof checkpointClient>
