import { expect } from 'vitest'
import { provisionApiKey } from '../../backend/org/provision.ts'
import { expectedOf, ingest, transfer } from '../support/client.ts'
import { openOrganisation, type World } from '../support/world.ts'

/** An organisation with a test key and a live key: a test key may ask for an allow without a risky story around it. */
export type Site = { id: string; testKey: string; liveKey: string }

export const openSite = async (world: World): Promise<Site> => {
  const { id, key } = await openOrganisation(world, {}, 'test')
  const live = await provisionApiKey(world.deps, { org_id: id, env: 'live', name: 'live' })
  return { id, testKey: key, liveKey: live.secret_key }
}

export type Decided = {
  sessionId: string
  url: string
  token: string
  expected: Record<string, unknown>
}

let users = 0

/** A decision of a test key, each for a person of their own. */
export const decide = async (
  world: Pick<World, 'url'>,
  key: string,
  change: Record<string, unknown> = {},
  outcome: 'allow' | 'block_escalate' = 'allow',
): Promise<Decided> => {
  users += 1
  const event = transfer({
    user: { id: `u_${users}`, email: `u${users}@example.com` },
    test: { outcome },
    ...change,
  })
  const answer = await ingest(world, key, event)
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  expect(answer.body.outcome).toBe(outcome)
  return {
    sessionId: answer.body.session.id,
    url: answer.body.session.url,
    token: answer.body.token ?? '',
    expected: expectedOf(event),
  }
}
