import { type Document, MongoClient } from 'mongodb'

/** What `failCommand` does to the commands that it meets (MongoDB's test commands; drivers' test specifications). */
export type Fail = {
  commands: readonly string[]
  /** How many of them; default: all, until the work is done. */
  times?: number
} & (
  | { errorCode: number; errorLabels?: readonly string[] }
  | { writeConcernError: { code: number; errmsg: string } }
  | { blockMs: number }
)

/** Switches the failure on for the product's own connections alone, does the work, and switches it off. */
export const withFailpoint = async <Result>(
  uri: string,
  fail: Fail,
  work: () => Promise<Result>,
): Promise<Result> => {
  const client = new MongoClient(uri, { appName: 'failpoint' })
  const configure = (mode: Document | string, data: Document) =>
    client.db('admin').command({ configureFailPoint: 'failCommand', mode, data })
  try {
    await configure(fail.times === undefined ? 'alwaysOn' : { times: fail.times }, dataOf(fail))
    return await work()
  } finally {
    await configure('off', {})
    await client.close()
  }
}

const dataOf = (fail: Fail): Document => {
  const about = { failCommands: fail.commands, appName: 'anti-social-engine' }
  if ('errorCode' in fail)
    return { ...about, errorCode: fail.errorCode, ...(fail.errorLabels && { errorLabels: fail.errorLabels }) }
  if ('writeConcernError' in fail) return { ...about, writeConcernError: fail.writeConcernError }
  return { ...about, blockConnection: true, blockTimeMS: fail.blockMs }
}
