import { startInstalled } from './installed.ts'
import { startLookAlike } from './look-alike.ts'
import type { ServerProcess } from './server-process.ts'

/** A running engine that speaks MongoDB's protocol. */
export type MongoEngine = {
  uri: string
  /** For people: what it is. */
  description: string
  /** What a pass on this engine proves, and what it cannot judge. */
  strength: string
  /** Ours to kill and to spoil; null for a server that somebody else runs. */
  process: ServerProcess | null
  stop(): Promise<void>
}

/**
 * The strongest engine at hand: the server at MONGODB_URI, else a `mongod` on PATH as a replica set of one, else a
 * look-alike on WiredTiger (Python; fetched once, kept in tests/.cache). Says one line that names it. Null, with one
 * loud line that says how to get one, when there is none.
 */
export const startMongo = async (say = console.log): Promise<MongoEngine | null> => {
  const engine = given() ?? (await startInstalled()) ?? (await startLookAlike())
  if (typeof engine === 'string') {
    console.warn(
      `NO MONGODB ENGINE (${engine}): NOTHING WAS TESTED ON MONGODB'S PROTOCOL. Set MONGODB_URI, or install mongod, or Python 3.10 to 3.13 with venv and pip.`,
    )
    return null
  }
  say(`tests on MongoDB's protocol ran on: ${engine.description}; ${engine.strength}`)
  return engine
}

const given = (): MongoEngine | null => {
  const uri = process.env['MONGODB_URI']
  if (uri === undefined || uri === '') return null
  return {
    uri,
    description: 'the server at MONGODB_URI',
    strength:
      'judges operations, atomicity and write concern; failover only if the server is made to fail over',
    process: null,
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
