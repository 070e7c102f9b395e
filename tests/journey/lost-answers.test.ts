import { describe, expect, it } from 'vitest'
import type { Problem } from '../../backend/contract/problem.ts'
import { StoreUnavailable } from '../../backend/store/port.ts'
import { openSqlite } from '../../backend/store/sqlite.ts'
import { type Answer, expectedOf, get, post } from '../support/client.ts'
import { interruptible } from '../support/interruptible-store.ts'
import { openOrganisation } from '../support/world.ts'
import { worldForFile } from '../support/world-for-file.ts'

/** What a 503 says when the store went away in the middle of a request, and what is true when the caller does as it says. */

const shaky = interruptible(openSqlite({ path: ':memory:' }))
const world = await worldForFile({ store: shaky.store })
const { key } = await openOrganisation(world)
const headers = { authorization: `Bearer ${key}` }

const login = { action: 'login', user: { id: 'u_1' } }
const ask = (key: string) =>
  post<{ token: string; event_id: string; session: { id: string } }>(`${world.url}/events/ingest`, login, {
    ...headers,
    'idempotency-key': key,
  })
const allowed = async (key: string): Promise<string> => (await ask(key)).body.token
const spend = (token: string, idempotency_key?: string) =>
  post<{ valid: boolean; code?: string }>(
    `${world.url}/decisions/verify`,
    { token, expected: expectedOf(login), ...(idempotency_key === undefined ? {} : { idempotency_key }) },
    headers,
  )

const away = () => Promise.reject(new StoreUnavailable('the disk is gone'))
/** The answer to a request whose store goes away at its `at`-th call of the kind, before or after it. */
const losing = async <Body>(
  where: { at: number; when: 'before' | 'after'; counting: 'writes' | 'calls' },
  request: () => Promise<Answer<Body>>,
): Promise<{ answer: Answer<Body>; problem: Problem }> => {
  shaky.arm({ at: where.at, when: where.when, run: away }, where.counting)
  const answer = await request()
  expect(shaky.disarm().interrupted).toBe(true)
  const problem: Problem = JSON.parse(JSON.stringify(answer.body))
  return { answer, problem }
}

describe('a 503 in the middle of a request does not say that nothing was decided', () => {
  it('to verify: the decision may be spent, and the same idempotency_key brings the answer back', async () => {
    const token = await allowed('verify-1')
    const { answer, problem } = await losing({ at: 1, when: 'after', counting: 'writes' }, () =>
      spend(token, 'pay-1'),
    )
    expect(answer.status).toBe(503)
    expect(problem).toMatchObject({ code: 'unavailable', outcome_unknown: true })
    expect(problem.detail).toMatch(/open whether .* Do not carry the action out yet.* same idempotency_key/)
    expect(problem.detail).not.toMatch(/[Nn]othing was/)
    expect((await spend(token, 'pay-1')).body).toMatchObject({ valid: true, replayed: true })
  })

  it('to verify without a key: as the text says, a spent decision answers already_used', async () => {
    const token = await allowed('verify-2')
    const { problem } = await losing({ at: 1, when: 'after', counting: 'writes' }, () => spend(token))
    expect(problem.detail).toContain('already_used')
    expect((await spend(token)).body).toMatchObject({ valid: false, code: 'already_used' })
  })

  it.each([
    ['before its first write', { at: 1, when: 'before', counting: 'writes' }],
    ['after its first write', { at: 1, when: 'after', counting: 'writes' }],
    ['after its last write', { at: 2, when: 'after', counting: 'writes' }],
  ] as const)('to an ingest, %s: the same Idempotency-Key is safe', async (name, where) => {
    const { answer, problem } = await losing(where, () => ask(name))
    expect(answer.status).toBe(503)
    expect(problem).toMatchObject({ code: 'unavailable', outcome_unknown: true })
    expect(problem.detail).toMatch(/do not carry the action out\. .* same Idempotency-Key/)
    const again = await ask(name)
    const third = await ask(name)
    expect([again.status, third.body.event_id]).toEqual([200, again.body.event_id])
  })
})

describe('a 503 before anything could happen says that', () => {
  it.each([
    ['a read', () => get<Problem>(`${world.url}/holds?user_id=u_1`, headers)],
    ['a call whose key could not be looked up', () => spend('a token')],
  ])('%s', async (_called, request) => {
    const { answer, problem } = await losing(
      { at: 1, when: 'before', counting: 'calls' },
      (): Promise<Answer<unknown>> => request(),
    )
    expect(answer.status).toBe(503)
    expect(problem.detail).toBe('The store does not answer. Nothing was changed; repeat the request.')
    expect(problem.outcome_unknown).toBeUndefined()
  })
})

describe('the OpenAPI document', () => {
  it('says the same for every call that changes something, and asks for an idempotency_key at verify', async () => {
    const { body } = await get<{
      paths: Record<string, Record<string, { description?: string; responses: Record<string, unknown> }>>
    }>(`${world.url}/openapi.json`)
    const operations = Object.values(body.paths).flatMap((path) => Object.entries(path))
    const silent = operations.filter(([verb, { responses }]) => verb !== 'get' && !('503' in responses))
    expect([operations.length > 20, silent]).toEqual([true, []])
    const verify = body.paths['/decisions/verify']?.['post']
    expect(verify?.description).toMatch(/Always send an `idempotency_key`/)
    expect(JSON.stringify(verify?.responses['503'])).toMatch(/same idempotency_key, which is safe/)
  })
})
