import type { Db, Document } from 'mongodb'
import { refusalIn } from './mongo-fault.ts'
import { askProbes, type Probes } from './mongo-probes.ts'
import { StoreUnavailable } from './port.ts'

/** What a server says of itself, and how it met the writes that try it. Null: it does not say. */
export type DurabilityFacts = {
  hello: Document
  serverStatus: Document | null
  replicaSetConfig: Document | null
  probes: Probes
}

export type Durability = {
  /** `replica set rs0`, `sharded cluster` or `standalone`. */
  topology: string
  /** Why an acknowledged write could be lost; null when the server keeps majority and journal. */
  weakness: string | null
}

/**
 * Sources: MongoDB manual, `hello`, `serverStatus.storageEngine.persistent`, `replSetGetConfig`
 * (`writeConcernMajorityJournalDefault`), Write Concern, Retryable Writes.
 */
export const judgeDurability = (facts: DurabilityFacts): Durability => {
  const setName: unknown = facts.hello['setName']
  const probed = weaknessOf(facts.probes)
  if (facts.hello['msg'] === 'isdbgrid') return { topology: 'sharded cluster', weakness: probed }
  if (typeof setName !== 'string') {
    return { topology: 'standalone', weakness: 'it is a standalone server, and has no majority to keep them' }
  }
  return {
    topology: `replica set ${setName}`,
    weakness: memoryOnly(facts) ?? journalNotAwaited(facts) ?? probed,
  }
}

const weaknessOf = ({ refusedWrite, inventedConcern, repeatedWrite }: Probes): string | null => {
  if (refusedWrite !== null) return `it refused a write with majority and journal: ${refusedWrite}`
  if (inventedConcern === 'acknowledged')
    return 'it ignores write concerns: it acknowledged a write with one that does not exist'
  if (repeatedWrite === 'forgotten')
    return 'it forgets retried writes: the same write sent twice did not get its first answer again'
  return null
}

const memoryOnly = ({ serverStatus }: DurabilityFacts): string | null =>
  serverStatus?.['storageEngine']?.['persistent'] === false ? 'it keeps its data in memory only' : null

const journalNotAwaited = ({ replicaSetConfig }: DurabilityFacts): string | null =>
  replicaSetConfig?.['config']?.['writeConcernMajorityJournalDefault'] === false
    ? 'its majority does not wait for the journal (writeConcernMajorityJournalDefault is false)'
    : null

/**
 * Asks the server. `serverStatus` and `replSetGetConfig` need the role clusterMonitor; without it the writes have the
 * last word. Rejects with StoreUnavailable or the driver's error when it cannot be asked now: trouble that passes is no
 * weakness. `alone` is the database over a client that nobody else uses.
 */
export const askDurability = async (db: Db, alone: Db): Promise<DurabilityFacts> => {
  // The second is the first's older name, which is all that some servers know.
  const hello = (await unlessRefused(db, { hello: 1 })) ?? (await db.admin().command({ isMaster: 1 }))
  if (hello['isreplicaset'] === true)
    throw new StoreUnavailable('it belongs to a replica set that has not been initiated (rs.initiate)')
  return {
    hello,
    serverStatus: await unlessRefused(db, { serverStatus: 1, repl: 0, metrics: 0, locks: 0 }),
    replicaSetConfig: await unlessRefused(db, { replSetGetConfig: 1 }),
    probes: await askProbes(db, alone),
  }
}

/** Null when the server refuses the command for good. */
const unlessRefused = async (db: Db, command: Document): Promise<Document | null> => {
  try {
    return await db.admin().command(command)
  } catch (failure) {
    if (refusalIn(failure) !== null) return null
    throw failure
  }
}
