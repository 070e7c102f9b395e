import { expect, test } from 'vitest'
import { digestKeyOf } from '../../backend/repositories/identity.ts'
import { createSecrets } from '../../backend/secrets.ts'
import { ring } from '../support/world.ts'

/** The key that an organisation's digests are made with. */

const secrets = createSecrets(ring('m1'), ring('p1'))
const holderOf = (id: string) => ({
  _id: id,
  digest_key_sealed: secrets.seal(`digest-key/${id}`, Buffer.alloc(32, id)),
})

test('is opened once for a document', () => {
  const org = holderOf('org_a')
  expect(digestKeyOf({ secrets }, org)).toEqual(Buffer.alloc(32, 'org_a'))
  expect(digestKeyOf({ secrets }, org)).toBe(digestKeyOf({ secrets }, org))
})

test('that was sealed for one organisation opens for no other, also after the first has used it', () => {
  const owner = holderOf('org_a')
  digestKeyOf({ secrets }, owner)
  expect(() => digestKeyOf({ secrets }, { ...owner, _id: 'org_b' })).toThrow()
})
