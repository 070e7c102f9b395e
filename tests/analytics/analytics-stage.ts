import { randomBytes } from 'node:crypto'
import type { BacktestAnswer } from '../../backend/contract/backtest.ts'
import type { Problem } from '../../backend/contract/problem.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import type { Policy } from '../../backend/risk/policy.ts'
import type { Session } from '../../backend/session/document.ts'
import { type Answer, get, ingest, post, transfer } from '../support/client.ts'
import { type SessionChange, sessionWith } from '../support/session-change.ts'
import type { World } from '../support/world.ts'

/** Who asks for backtests and reports, over HTTP, and sessions in bulk to ask about. */

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

/** A payment to somebody new blocks, and whatever the default policy lets through is asked. */
export const strictDraft: Policy = {
  ...defaultPolicy,
  version: 'draft-strict',
  weights: { ...defaultPolicy.weights, BENEFICIARY_NEW: 60, TRANSACTION_AMOUNT_HIGH: 60 },
  caps: { ...defaultPolicy.caps, payment: 100 },
  thresholds: { none: 0, low: 2, medium: 3, high: 4, critical: 90 },
}

export const askForBacktest = (world: Pick<World, 'url'>, key: string, body: Record<string, unknown>) =>
  post<{ id: string; state: string } & Problem>(`${world.url}/rules/backtest`, body, bearer(key))

export const readBacktest = (world: Pick<World, 'url'>, key: string, id: string) =>
  get<BacktestAnswer & Problem>(`${world.url}/rules/backtest/${id}`, bearer(key))

export const cancelBacktest = async (
  world: Pick<World, 'url'>,
  key: string,
  id: string,
): Promise<Answer<{ state: string } & Problem>> => {
  const response = await fetch(`${world.url}/rules/backtest/${id}`, {
    method: 'DELETE',
    headers: bearer(key),
  })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

/** One real session of a transfer that meets a checkpoint, as the spine stored it. */
export const oneSession = async (world: World, site: { id: string; key: string }): Promise<Session> => {
  const asked = await ingest(world, site.key, transfer({ user: { id: 'u_seed', email: 'ana@example.com' } }))
  const session = await world.deps.collections.sessions.get(site.id, asked.body.session.id)
  if (session === null) throw new Error(JSON.stringify(asked.body))
  return session
}

/** Copies of it, a second apart from `from` on, under ids of their own. */
export const copies = async (
  world: World,
  sample: Session,
  wanted: { count: number; from: number; change?: (index: number) => SessionChange },
): Promise<void> => {
  const chunk = 500
  for (let begin = 0; begin < wanted.count; begin += chunk) {
    const indexes = Array.from({ length: Math.min(chunk, wanted.count - begin) }, (_, i) => begin + i)
    await Promise.all(
      indexes.map((index) => {
        const suffix = randomBytes(16).toString('hex')
        const at = wanted.from + index * 1000
        const copy = sessionWith(sample, {
          _id: `ses_${suffix}`,
          request: { event_id: `evt_${suffix}` },
          keys: { url_sha256: randomBytes(32).toString('base64url') },
          created_at: at,
          updated_at: at,
          consequences: { outbox: [] },
        })
        return world.elsewhere.sessions.insert(sessionWith(copy, wanted.change?.(index) ?? {}))
      }),
    )
  }
}
