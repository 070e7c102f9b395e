import { expect, test } from 'vitest'
import { type DurabilityFacts, judgeDurability } from '../../backend/store/mongo-durability.ts'
import type { Probes } from '../../backend/store/mongo-probes.ts'

const kept: Probes = { refusedWrite: null, inventedConcern: 'refused', repeatedWrite: 'first_answer' }

const sound: DurabilityFacts = {
  hello: { setName: 'rs0' },
  serverStatus: { storageEngine: { name: 'wiredTiger', persistent: true } },
  replicaSetConfig: { config: { writeConcernMajorityJournalDefault: true } },
  probes: kept,
}

test.each<[string, Partial<DurabilityFacts>, string]>([
  ['a replica set', {}, 'replica set rs0'],
  ['a replica set that tells us little', { serverStatus: null, replicaSetConfig: null }, 'replica set rs0'],
  ['a sharded cluster', { hello: { msg: 'isdbgrid' } }, 'sharded cluster'],
])('%s with majority and journal is accepted', (_called, facts, topology) => {
  expect(judgeDurability({ ...sound, ...facts })).toEqual({ topology, weakness: null })
})

test.each<[string, Partial<DurabilityFacts>, RegExp]>([
  ['a standalone server', { hello: { isWritablePrimary: true } }, /standalone/],
  ['a replica set in memory', { serverStatus: { storageEngine: { persistent: false } } }, /in memory only/],
  [
    'a majority without the journal',
    { replicaSetConfig: { config: { writeConcernMajorityJournalDefault: false } } },
    /does not wait for the journal/,
  ],
  [
    'a replica set that refuses the write',
    { probes: { ...kept, refusedWrite: 'not enough members' } },
    /not enough members/,
  ],
  [
    'a cluster that refuses the write',
    { hello: { msg: 'isdbgrid' }, probes: { ...kept, refusedWrite: 'no journal' } },
    /no journal/,
  ],
  [
    'a server that acknowledges a write concern which does not exist',
    { probes: { ...kept, inventedConcern: 'acknowledged' } },
    /ignores write concerns/,
  ],
  [
    'a server that carries out a retried write again',
    { probes: { ...kept, repeatedWrite: 'forgotten' } },
    /forgets retried writes/,
  ],
  [
    'a cluster that does',
    { hello: { msg: 'isdbgrid' }, probes: { ...kept, repeatedWrite: 'forgotten' } },
    /forgets retried writes/,
  ],
])('%s cannot keep acknowledged writes', (_called, facts, weakness) => {
  expect(judgeDurability({ ...sound, ...facts }).weakness).toMatch(weakness)
})
