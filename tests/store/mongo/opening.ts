import { describe, expect, test } from 'vitest'
import { type MongoOptions, openMongo } from '../../../backend/store/mongo.ts'
import { StoreUnavailable, StoreUnfit } from '../../../backend/store/port.ts'
import { type MongoEngine, withDatabase } from '../../support/mongo/engine.ts'
import { type Fail, withFailpoint } from '../../support/mongo/failpoint.ts'
import { type FaultyRoad, openFaultyRoad } from '../../support/mongo/faulty-road.ts'
import { openOn } from '../../support/mongo/open-on.ts'

/** Short, for tests that wait for nobody. */
const impatient = { operationMs: 400, serverMs: 300, selectionMs: 300, connectMs: 300 }

/** What is refused at boot for good, and what is only not available now. */
export const opening = (engine: MongoEngine): void => {
  const uri = withDatabase(engine.uri, 'ase_test_opening')
  const open = (options: Partial<MongoOptions> = {}) =>
    openMongo({ uri, waiveDurabilityCheck: false, ...options })

  describe('a MongoDB that cannot keep acknowledged writes', () => {
    const overRoad = async (spoil: (road: FaultyRoad) => void, waiveDurabilityCheck = false) => {
      const road = await openFaultyRoad(engine.uri)
      spoil(road)
      try {
        const store = await open({ uri: withDatabase(road.uri, 'ase_test_opening'), waiveDurabilityCheck })
        await store.close()
        return store.engine
      } finally {
        await road.close()
      }
    }

    test.each<[string, (road: FaultyRoad) => void, RegExp]>([
      [
        'acknowledges a write concern that does not exist',
        (road) => road.ignoreWriteConcerns(),
        /cannot keep acknowledged writes: it ignores write concerns/,
      ],
      [
        'carries out a retried write again',
        (road) => road.forgetRetries(),
        /cannot keep acknowledged writes: it forgets retried writes/,
      ],
    ])('as it %s is refused with a sentence, unless waived', async (_called, spoil, sentence) => {
      const opened = overRoad(spoil)
      await expect(opened).rejects.toThrow(StoreUnfit)
      await expect(opened).rejects.toThrow(sentence)
      expect(await overRoad(spoil, true)).toContain('durability check waived')
    })

    test('is waived for these tests only where they say so', async () => {
      const store = await openOn(uri)
      expect(store.engine).toMatch(/^mongodb \S+ \((replica set|sharded cluster|standalone)/)
      await store.close()
    })
  })

  test('a string that is no connection string is refused without repeating it', async () => {
    const opened = open({ uri: 'mongodb://user:hunter2@/%%' })
    await expect(opened).rejects.toThrow(StoreUnfit)
    await expect(opened).rejects.toThrow('MONGODB_URI is not a MongoDB connection string.')
  })

  test('nobody at the address is not available now', async () => {
    const opened = open({ uri: 'mongodb://127.0.0.1:1/', patience: impatient })
    await expect(opened).rejects.toThrow(StoreUnavailable)
  })

  test('a server that answers nothing is not available now', async () => {
    const road = await openFaultyRoad(engine.uri)
    road.fallSilent()
    await expect(open({ uri: road.uri, patience: impatient })).rejects.toThrow(StoreUnavailable)
    await road.close()
  })

  if (engine.process !== null) {
    describe('trouble at boot', () => {
      // Each try asks twice: the driver repeats what is labelled so.
      test.each<[string, Fail]>([
        ['a primary that is being elected', { commands: ['update'], times: 2, errorCode: 10107 }],
        [
          'a primary that steps down under a look at its state',
          { commands: ['serverStatus'], errorCode: 189 },
        ],
        ['a server that is told to stop', { commands: ['buildInfo'], errorCode: 91 }],
        [
          'a majority that is slow',
          {
            commands: ['update'],
            writeConcernError: { code: 64, errmsg: 'waiting for replication timed out' },
          },
        ],
        ['an answer that is slow', { commands: ['update'], times: 2, blockMs: 600 }],
        ['an insert cut short by an election', { commands: ['insert'], errorCode: 11602 }],
      ])('%s is not available now, and no weakness', async (_called, fail) => {
        await withFailpoint(engine.uri, fail, async () => {
          const opened = open({ patience: impatient })
          await expect(opened).rejects.toThrow(StoreUnavailable)
          await expect(opened).rejects.not.toThrow(/waive|cannot keep/i)
        })
        await (await open()).close()
      })

      test.each<[string, Fail, RegExp]>([
        ['a user that may not write', { commands: ['update'], errorCode: 13 }, /MongoDB cannot be used/],
        [
          'a server that has no journal',
          { commands: ['update'], errorCode: 2 },
          /cannot keep.*refused a write/,
        ],
        ['a user that may not read', { commands: ['buildInfo'], errorCode: 18 }, /MongoDB cannot be used/],
      ])('%s is refused for good', async (_called, fail, sentence) => {
        await withFailpoint(engine.uri, fail, async () => {
          const opened = open()
          await expect(opened).rejects.toThrow(StoreUnfit)
          await expect(opened).rejects.toThrow(sentence)
        })
      })
    })
  }
}
