import { startInstalled } from './installed.ts'
import { startLookAlike } from './look-alike.ts'

/** A running engine that speaks MongoDB's protocol. */
export type MongoEngine = {
  uri: string
  /** For people: what it is. */
  description: string
  /** What a pass on this engine proves, and what it cannot judge. */
  strength: string
  /** Whether it must pass the store's durability check; a look-alike needs the waiver. */
  durable: boolean
  stop(): Promise<void>
}

/** No engine can be had on this machine; the message says in one sentence how to get one. */
export class NoMongoEngine extends Error {
  override readonly name = 'NoMongoEngine'
}

/**
 * The strongest engine at hand: the server at MONGODB_URI, else a `mongod` on PATH as a replica set of one, else an
 * in-memory look-alike (Java and Maven; fetched once, kept in tests/.cache). Prints one line that names it. Throws
 * NoMongoEngine when there is none.
 */
export const startMongo = async (): Promise<MongoEngine> => {
  const engine = given() ?? (await startInstalled()) ?? (await startLookAlike())
  if (engine === null) {
    throw new NoMongoEngine(
      'NO MONGODB ENGINE: set MONGODB_URI, or install mongod, or install Java and Maven; ASE_ALLOW_NO_MONGO=1 accepts a run that proves nothing about MongoDB.',
    )
  }
  console.log(`store contract ran on: ${engine.description}; ${engine.strength}`)
  return engine
}

/** Whether this run may go on without any engine. */
export const mayGoWithoutMongo = (): boolean => process.env['ASE_ALLOW_NO_MONGO'] === '1'

const given = (): MongoEngine | null => {
  const uri = process.env['MONGODB_URI']
  if (uri === undefined || uri === '') return null
  return {
    uri,
    description: 'the server at MONGODB_URI',
    strength:
      'judges operations, atomicity and write concern; failover only if the server is made to fail over',
    durable: true,
    stop: async () => {},
  }
}

/** The same server with a database of its own for one run, so that runs never meet each other's documents. */
export const withDatabase = (uri: string, database: string): string => {
  const [, server = '', named = '', options = ''] =
    /^(mongodb(?:\+srv)?:\/\/[^/?]+)\/?([^?]*)(\?.*)?$/.exec(uri) ?? []
  // A database named in the string is also where its user is known, unless the string says otherwise.
  const source = named === '' || options.includes('authSource=') ? '' : `authSource=${named}`
  const joined = [options.replace('?', ''), source].filter((part) => part !== '').join('&')
  return `${server}/${database}${joined === '' ? '' : `?${joined}`}`
}
