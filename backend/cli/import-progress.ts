import { createHash } from 'node:crypto'
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises'
import * as z from 'zod/mini'

/**
 * How far a file has been brought, beside the file: an import that was stopped or killed goes on from there. It saves time
 * and nothing else, because every line that was learned is known by its key.
 */

const reached = z.strictObject({
  /** Of the file's beginning, to tell it from another of the same name. */
  head_sha256: z.string(),
  tenant: z.string(),
  import_id: z.string(),
  line: z.int(),
  end: z.int(),
  learned: z.int(),
  duplicates: z.int(),
  rejected: z.int(),
  /** How long the file of rejects was then. */
  rejects_bytes: z.int(),
})
export type Reached = z.infer<typeof reached>

const headBytes = 65_536

/** Digest of the first 64 kB, or of as much as there is up to `end`. */
const headOf = async (path: string, end: number): Promise<string> => {
  const file = await open(path)
  try {
    const head = Buffer.alloc(Math.min(headBytes, end))
    const { bytesRead } = await file.read(head, 0, head.length, 0)
    return createHash('sha256').update(head.subarray(0, bytesRead)).digest('hex')
  } finally {
    await file.close()
  }
}

const fileBeside = (path: string): string => `${path}.progress`

/** Where to go on with this file for this organisation and environment; null to begin. */
export const readReached = async (path: string, tenant: string): Promise<Reached | null> => {
  const text = await readFile(fileBeside(path), 'utf8').catch(() => null)
  if (text === null) return null
  const kept = reached.safeParse(parsedOrNull(text))
  if (!kept.success || kept.data.tenant !== tenant) return null
  return kept.data.head_sha256 === (await headOf(path, kept.data.end)) ? kept.data : null
}

const parsedOrNull = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Whole or not at all. */
export const keepReached = async (path: string, at: Omit<Reached, 'head_sha256'>): Promise<void> => {
  const head_sha256 = await headOf(path, at.end)
  await writeFile(`${fileBeside(path)}.new`, JSON.stringify({ ...at, head_sha256 }))
  await rename(`${fileBeside(path)}.new`, fileBeside(path))
}

export const forgetReached = (path: string): Promise<void> => rm(fileBeside(path), { force: true })
