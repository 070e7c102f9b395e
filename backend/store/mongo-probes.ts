import { type Collection, type Db, Long, ObjectId } from 'mongodb'
import { isForbidden, refusalIn } from './mongo-fault.ts'

/** How a server answered three trial writes. Only a durable server answers all of them as it should. */
export type Probes = {
  /** The server's sentence when it refused a write with majority and journal. */
  refusedWrite: string | null
  /** What became of a write with a write concern that does not exist. */
  inventedConcern: 'refused' | 'acknowledged'
  /** What the second of two equal writes with one transaction number was told. */
  repeatedWrite: 'first_answer' | 'forgotten'
}

/** Rejects with the driver's error when the server does not answer now. */
export const askProbes = async (db: Db, alone: Db): Promise<Probes> => {
  const refusedWrite = await refusalOf(writeProbe(db))
  // A server that takes no write at all answers nothing about the others.
  if (refusedWrite !== null)
    return { refusedWrite, inventedConcern: 'refused', repeatedWrite: 'first_answer' }
  return {
    refusedWrite,
    inventedConcern: (await refusalOf(invent(db))) === null ? 'acknowledged' : 'refused',
    repeatedWrite: await repeat(db, alone),
  }
}

const probes = (db: Db): Collection<{ _id: string }> => db.collection<{ _id: string }>('store_ping')

const refusalOf = async (write: Promise<unknown>): Promise<string | null> => {
  try {
    await write
    return null
  } catch (failure) {
    const refusal = refusalIn(failure)
    if (refusal === null || isForbidden(failure)) throw failure
    return refusal
  }
}

/** One durable write of a document that nobody reads. Rejects when the server cannot take it now. */
export const writeProbe = async (db: Db): Promise<void> => {
  await probes(db).updateOne({ _id: { $eq: 'ping' } }, { $set: { at: new Date() } }, { upsert: true })
}

/** A server that looks at write concerns finds that it has none of this name (error 79, UnknownReplWriteConcern). */
const invent = (db: Db): Promise<unknown> =>
  db.command({
    update: probes(db).collectionName,
    updates: [{ q: { _id: 'ping' }, u: { $set: { at: new Date() } }, upsert: true }],
    writeConcern: { w: 'ase_no_such_mode' },
  })

/**
 * Sends one insert twice, as a driver does that heard no reply. The number is given by hand, so the session must never
 * serve a write of ours: `alone` belongs to a client of its own, which is closed afterwards.
 */
const repeat = async (db: Db, alone: Db): Promise<Probes['repeatedWrite']> => {
  const session = alone.client.startSession()
  const id = `repeated_${new ObjectId().toHexString()}`
  const insert = {
    insert: probes(db).collectionName,
    documents: [{ _id: id, at: new Date() }],
    txnNumber: Long.fromNumber(1),
  }
  try {
    await alone.command(insert, { session })
    const again = await alone.command(insert, { session })
    return again['n'] === 1 && again['writeErrors'] === undefined ? 'first_answer' : 'forgotten'
  } catch (failure) {
    // A server without transaction numbers refuses them; one that ignores them says that the id is taken.
    if (isForbidden(failure) || refusalIn(failure) === null) throw failure
    return 'forgotten'
  } finally {
    await session.endSession()
    await probes(db).deleteOne({ _id: { $eq: id } })
  }
}
