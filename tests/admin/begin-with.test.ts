import { expect, test } from 'vitest'
import { provisionApiKey } from '../../backend/org/provision.ts'
import { openOrganisation } from '../support/world.ts'
import { addAnalyst, getJson, logIn } from './desk.ts'
import { deskForFile } from './desk-for-file.ts'
import { sessionFixture } from './fixtures.ts'

/** Where an analyst's day begins when the address says nothing. */

const desk = await deskForFile()

const beginsWith = async (email: string): Promise<unknown> =>
  (await getJson(desk, '/api/me', await logIn(desk, email))).body['begin_with']

test('an organisation that has test keys alone begins with test, before anything has arrived', async () => {
  const { id } = await openOrganisation(desk.world, {}, 'test')
  await addAnalyst(desk, id, 'a@test.example')
  expect(await beginsWith('a@test.example')).toBe('test')
  await provisionApiKey(desk.world.deps, { org_id: id, env: 'live', name: 'live' })
  expect(await beginsWith('a@test.example')).toBe('live')
})

test('what has arrived says more than keys: a live session begins with live, test sessions alone with test', async () => {
  const { id } = await openOrganisation(desk.world)
  await addAnalyst(desk, id, 'b@live.example')
  expect(await beginsWith('b@live.example')).toBe('live')
  const at = desk.world.deps.clock()
  const common = { org_id: id, at }
  const { sessions } = desk.world.deps.collections
  await sessions.insert(sessionFixture({ ...common, id: 'rehearsed' }, { environment: 'test' }))
  expect(await beginsWith('b@live.example')).toBe('test')
  await sessions.insert(sessionFixture({ ...common, id: 'real' }))
  expect(await beginsWith('b@live.example')).toBe('live')
})
