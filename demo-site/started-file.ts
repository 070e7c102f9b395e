import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'

/** What scripts need to know about a running demo. Holds a secret key and a password: readable by its owner alone. */
export interface Started {
  api_url: string
  demo_url: string
  mailbox_url: string
  admin_url: string
  org_id: string
  secret_key: string
  /** May bring history, and nothing else. */
  history_key: string
  admin: { email: string; password: string }
}

/** Writes `started.json` whole or not at all: a reader never sees half of it. Answers how to remove it. */
export const writeStarted = async (dataDir: string, started: Started): Promise<() => Promise<void>> => {
  const file = join(dataDir, 'started.json')
  const draft = `${file}.${process.pid}`
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  await rm(draft, { force: true })
  const handle = await open(draft, 'wx', 0o600)
  await handle.writeFile(`${JSON.stringify(started, null, 2)}\n`)
  await handle.close()
  await rename(draft, file)
  return () => rm(file, { force: true })
}
