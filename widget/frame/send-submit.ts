import { checkpointAnswer, type SessionView } from '#contract/session-view'

export type SendRefusal = 'unreachable' | 'too_many' | 'gone'
export type SendResult = { ok: true; view: SessionView } | { ok: false; reason: SendRefusal }

/** A slow answer is given up and may be sent again: a repeat of an accepted submit answers the current view. */
const answerTimeoutMs = 20_000

/**
 * Posts one submit and parses the answer. Whatever is not a view of ours is a refusal: `gone` when the link opens
 * nothing any more, `too_many` when a limit was hit, `unreachable` for the network, a fault, or an unknown answer.
 */
export const sendSubmit = async (
  action: string,
  fields: Record<string, string>,
  controller: AbortController,
): Promise<SendResult> => {
  const timeout = setTimeout(() => controller.abort(), answerTimeoutMs)
  try {
    const response = await fetch(`/checkpoint/${action}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(fields),
      credentials: 'omit',
      signal: controller.signal,
    })
    if (response.status === 404) return { ok: false, reason: 'gone' }
    if (response.status === 429) return { ok: false, reason: 'too_many' }
    const parsed = checkpointAnswer.safeParse(await response.json())
    return parsed.success ? { ok: true, view: parsed.data.view } : { ok: false, reason: 'unreachable' }
  } catch {
    return { ok: false, reason: 'unreachable' }
  } finally {
    clearTimeout(timeout)
  }
}
