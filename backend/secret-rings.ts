import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod/mini'

/**
 * Key rings: `kid:base64url,kid:base64url`, newest first. The newest key makes new secrets; every key of the ring checks
 * old ones. To rotate, put a new key in front, and drop the last one when nothing that it made is alive.
 */

/** One key of a ring. `kid` travels in tokens; `key` is at least 32 bytes (RFC 7518 3.2 for HS256) and never travels. */
export type RingKey = { kid: string; key: Buffer }

export type Rings = { masters: RingKey[]; peppers: RingKey[] }

export type RingRefusal =
  | 'not_a_ring'
  | 'duplicate_kid'
  | 'duplicate_key'
  | 'not_base64url'
  | 'too_short'
  | 'too_guessable'

export const ringKeyMinBytes = 32
/** Of 32 random bytes fewer than 16 differ with a probability below 10⁻¹⁷. */
const distinctBytesMin = 16

/** Text, a repeated word or a counting sequence is not a key, however long it is. */
const isGuessable = (key: Buffer): boolean => {
  const step = ((key[1] ?? 0) - (key[0] ?? 0)) & 0xff
  const counts = key.every((byte, at) => at === 0 || ((byte - (key[at - 1] ?? 0)) & 0xff) === step)
  const isText = key.every((byte) => byte >= 0x20 && byte < 0x7f)
  return counts || isText || new Set(key).size < distinctBytesMin
}

/** Reads one ring. The refusal names no part of the key, so it may be printed. */
export const parseRing = (
  text: string,
): { ok: true; ring: RingKey[] } | { ok: false; reason: RingRefusal } => {
  const ring: RingKey[] = []
  for (const entry of text.split(',')) {
    const parts = /^([a-z0-9]{1,16}):([A-Za-z0-9_-]+)$/.exec(entry.trim())
    const [, kid, encoded] = parts ?? []
    if (kid === undefined || encoded === undefined) return { ok: false, reason: 'not_a_ring' }
    const key = Buffer.from(encoded, 'base64url')
    if (key.toString('base64url') !== encoded) return { ok: false, reason: 'not_base64url' }
    if (key.length < ringKeyMinBytes) return { ok: false, reason: 'too_short' }
    if (isGuessable(key)) return { ok: false, reason: 'too_guessable' }
    if (ring.some((other) => other.kid === kid)) return { ok: false, reason: 'duplicate_kid' }
    if (ring.some((other) => other.key.equals(key))) return { ok: false, reason: 'duplicate_key' }
    ring.push({ kid, key })
  }
  return { ok: true, ring }
}

const secretsDocument = z.strictObject({ masters: z.string(), peppers: z.string() })

const ringOrThrow = (text: string, where: string): RingKey[] => {
  const parsed = parseRing(text)
  if (parsed.ok) return parsed.ring
  throw new Error(`${where}: the key ring is refused (${parsed.reason}); restore it from a backup`)
}

/** Drops the parser's message, because it quotes what it read: the secret. */
const jsonOrNull = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const readSecretsFile = (path: string): Rings => {
  const parsed = secretsDocument.safeParse(jsonOrNull(readFileSync(path, 'utf8')))
  if (!parsed.success)
    throw new Error(
      `${path} is damaged; restore it from a backup: nothing signed before can be read without it`,
    )
  // A copy or a restore may have widened the mode.
  chmodSync(path, 0o600)
  return {
    masters: ringOrThrow(parsed.data.masters, path),
    peppers: ringOrThrow(parsed.data.peppers, path),
  }
}

const syncDirectory = (directory: string): void => {
  const handle = openSync(directory, 'r')
  fsyncSync(handle)
  closeSync(handle)
}

const fileExistsAlready = (fault: unknown): boolean =>
  fault instanceof Error && 'code' in fault && fault.code === 'EEXIST'

/**
 * Creates `path` as a whole or not at all: it is written and synced under another name, then linked. `link` fails if the name
 * is taken, so the first of several processes wins, and nobody reads half a file.
 */
const createSecretsFile = (directory: string, path: string): void => {
  const ring = () => `k1:${randomBytes(ringKeyMinBytes).toString('base64url')}`
  const draft = join(directory, `.secrets-${process.pid}-${randomBytes(8).toString('hex')}`)
  const handle = openSync(draft, 'wx', 0o600)
  try {
    writeSync(handle, `${JSON.stringify({ masters: ring(), peppers: ring() }, null, 2)}\n`)
    fsyncSync(handle)
    linkSync(draft, path)
    syncDirectory(directory)
  } catch (fault) {
    if (!fileExistsAlready(fault)) throw fault
  } finally {
    closeSync(handle)
    rmSync(draft, { force: true })
  }
}

const isMissing = (fault: unknown): boolean =>
  fault instanceof Error && 'code' in fault && fault.code === 'ENOENT'

/**
 * The rings that this process works with: the environment's, else those of `$DATA_DIR/secrets.json` (mode 0600), which
 * the first process creates. Throws when the file is damaged or the folder can't be written: without its keys the
 * product must not start.
 */
export const loadRings = (config: {
  masterKeys: string | null
  codePepper: string | null
  dataDir: string
}): Rings => {
  if (config.masterKeys !== null && config.codePepper !== null)
    return {
      masters: ringOrThrow(config.masterKeys, 'MASTER_KEYS'),
      peppers: ringOrThrow(config.codePepper, 'CODE_PEPPER'),
    }
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 })
  const path = join(config.dataDir, 'secrets.json')
  try {
    return readSecretsFile(path)
  } catch (fault) {
    if (!isMissing(fault)) throw fault
  }
  createSecretsFile(config.dataDir, path)
  return readSecretsFile(path)
}
