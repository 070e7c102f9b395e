import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { personKeyCollection, personKeyId } from '../../backend/sealing/person-key-document.ts'
import { openPersonKeys } from '../../backend/sealing/person-keys.ts'
import { createSecrets } from '../../backend/secrets.ts'
import { openSqlite } from '../../backend/store/sqlite.ts'
import { ring } from '../support/world.ts'

const open = async () => {
  const store = openSqlite({ path: ':memory:' })
  await store.prepare([personKeyCollection])
  const collection = store.collection(personKeyCollection)
  const asked: string[] = []
  const counted: typeof collection = {
    ...collection,
    get: (orgId, id) => {
      asked.push('get')
      return collection.get(orgId, id)
    },
    insert: (doc) => {
      asked.push('insert')
      return collection.insert(doc)
    },
  }
  const secrets = createSecrets(ring('m1'), ring('p1'))
  const instance = () => openPersonKeys({ collection: counted, secrets, random: randomBytes, now: () => 0 })
  return { collection, instance, asked }
}

test('a key is made by one write, however many of one process ask for it at once', async () => {
  const { instance, asked } = await open()
  const keys = instance()
  const made = await Promise.all(['a', 'b', 'c'].map(() => keys.make('org', 'ana')))
  expect(new Set(made.map(({ key_id }) => key_id)).size).toBe(1)
  expect(asked).toEqual(['get', 'insert'])
  await keys.make('org', 'ana')
  expect(asked).toHaveLength(2)
})

test('a key that another instance has made is found at once, also by whoever has just found none', async () => {
  const { collection, instance } = await open()
  const [here, there] = [instance(), instance()]
  const first = await there.make('org', 'ana')
  const stored = await collection.get('org', personKeyId('ana'))
  await collection.remove('org', personKeyId('ana'), stored?.version ?? 0)
  expect(await here.find('org', 'ana')).toBeNull()
  const second = await instance().make('org', 'ana')
  expect(second.key_id).not.toBe(first.key_id)
  expect((await here.find('org', 'ana'))?.key_id).toBe(second.key_id)
})
