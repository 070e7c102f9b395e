import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hash,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import type { Environment } from '#contract/environment'
import { randomBytes } from './random.ts'
import type { RingKey } from './secret-rings.ts'

/**
 * Everything secret that this product hands out is derived when it is needed and never stored: a thief of the database
 * finds neither a session's URL, nor a step token, nor a code, nor a decision token's key.
 *
 * A document remembers only the `kid` of the ring entry that its secrets derive from, so rotation is: put a new key in
 * front and restart, which seals what is stored under it; keep the old one until the last session that names it has ended
 * (an hour is plenty) and the log has said that persons' keys are sealed anew, remove it. Links and tokens of that key open nothing from then on. Several instances: give the new
 * key to all of them behind the old one first, so that none meets a `kid` that it doesn't know.
 */

/** What a session's secrets are derived from. */
type SessionIdentity = { _id: string; org_id: string; keys: { master_kid: string; pepper_kid: string } }

/** Builds the derivations from the two rings, newest first. Throws when a ring is empty. */
export const createSecrets = (masters: readonly RingKey[], peppers: readonly RingKey[]) => {
  const newestMaster = firstOf(masters, 'MASTER_KEYS')
  const newestPepper = firstOf(peppers, 'CODE_PEPPER')

  const sessionMac = (session: SessionIdentity, ...parts: (string | number)[]) =>
    mac(subkey(keyOf(masters, session.keys.master_kid), 'session/v1', session.org_id), session._id, ...parts)

  return {
    /** Ring entry that new sessions and new sealed values use. */
    masterKid: newestMaster.kid,
    /** The master ring's other entries, newest first: they only open what was sealed before. */
    olderMasterKids: masters.slice(1).map(({ kid }) => kid),
    pepperKid: newestPepper.kid,
    /** Whether both keys that this session's secrets derive from are still in their rings; without them, no link opens it. */
    holds: ({ keys }: SessionIdentity): boolean =>
      masters.some(({ kid }) => kid === keys.master_kid) &&
      peppers.some(({ kid }) => kid === keys.pepper_kid),
    /** The session URL's capability: 256 bits, base64url. */
    sessionKey: (session: SessionIdentity): string => sessionMac(session, 'url').toString('base64url'),
    /** The one-time token of one screen: bound to session, step and turn. */
    stepToken: (session: SessionIdentity, step: string, turn: number): string =>
      sessionMac(session, 'step', step, turn).toString('base64url'),
    /** The mailbox code of one generation: `digits` decimal digits, bound to session and action digest. */
    code: (session: SessionIdentity, actionDigest: string, generation: number, digits: number): string => {
      const pepper = subkey(keyOf(peppers, session.keys.pepper_kid), 'code/v1', session.org_id)
      return truncate(mac(pepper, session._id, actionDigest, generation), digits)
    },
    /** HMAC key for one organisation and environment, or null when the ring no longer has `kid`. */
    signingKey: (kid: string, orgId: string, environment: Environment): Buffer | null => {
      const master = masters.find((entry) => entry.kid === kid)
      return master === undefined ? null : subkey(master.key, `decision/v1/${environment}`, orgId)
    },
    /** Bytes that derive from the newest master key: the demo's key and password survive a restart without being stored. */
    derive: (purpose: string, bytes: number): Buffer =>
      Buffer.from(hkdfSync('sha256', newestMaster.key, '', `derive/v1/${purpose}`, bytes)),
    /**
     * Seals a small secret for the database. `purpose` and `subject` are authenticated with it; a purpose has a key of its
     * own, which is kept in memory, so what differs from document to document belongs into the subject.
     */
    seal: (purpose: string, secret: Buffer, subject?: string): string =>
      seal(newestMaster, purpose, secret, subject),
    /** Opens what `seal` made; throws when it was altered, moved elsewhere, or its key left the ring. */
    unseal: (purpose: string, sealed: string, subject?: string): Buffer =>
      unseal(masters, purpose, sealed, subject),
    /** The same secret under the newest master key; the very text that was given when it is sealed under that one. */
    reseal: (purpose: string, sealed: string, subject?: string): string => {
      const secret = unseal(masters, purpose, sealed, subject)
      return sealed.startsWith(`${newestMaster.kid}.`) ? sealed : seal(newestMaster, purpose, secret, subject)
    },
  }
}
export type Secrets = Readonly<ReturnType<typeof createSecrets>>

/** Look-up form of a capability: the database holds this, never the capability. */
export const sha256 = (value: string | Buffer): string => hash('sha256', value, 'base64url')

/** Keyed digest that makes equal subjects comparable within one organisation and meaningless outside it. */
export const digestUnder = (key: Buffer, ...parts: string[]): string =>
  createHmac('sha256', preparedKey(key)).update(framed(parts)).digest('base64url')

/** The signature of a JWS under HS256 (RFC 7515, RFC 7518 3.2). */
export const signHs256 = (key: Buffer, signingInput: string): string =>
  createHmac('sha256', preparedKey(key)).update(signingInput).digest('base64url')

const mac = (key: Buffer, ...parts: (string | number)[]): Buffer =>
  createHmac('sha256', preparedKey(key)).update(framed(parts)).digest()

const lengthBytes = 4
const utf8BytesMax = 3

/** Unambiguous: the bytes of each part behind their length, so that ('ab', 'c') and ('a', 'bc') differ. */
const framed = (parts: readonly (string | number)[]): Buffer => {
  const texts = parts.map(String)
  const most = texts.reduce((sum, text) => sum + lengthBytes + utf8BytesMax * text.length, 0)
  const bytes = Buffer.allocUnsafe(most)
  let end = 0
  for (const text of texts) {
    const length = bytes.write(text, end + lengthBytes)
    bytes.writeUInt32BE(length, end)
    end += lengthBytes + length
  }
  return bytes.subarray(0, end)
}

const preparedKeys = new WeakMap<Uint8Array, KeyObject>()

/** Making OpenSSL's form of a key costs several times the HMAC itself. It is kept for as long as the bytes are. */
const preparedKey = (key: Uint8Array): KeyObject => {
  const known = preparedKeys.get(key)
  if (known !== undefined) return known
  const prepared = createSecretKey(key)
  preparedKeys.set(key, prepared)
  return prepared
}

const subkeysKept = 4096
const subkeys = new WeakMap<Buffer, Map<string, Buffer>>()

/**
 * HKDF-SHA-256 (RFC 5869): one independent key for each purpose and organisation. Kept, up to a bound, the oldest going
 * first: they are needed several times a request, and are no more secret than the ring's key that lies beside them.
 */
const subkey = (key: Buffer, purpose: string, salt: string): Buffer => {
  const kept = subkeys.get(key) ?? new Map<string, Buffer>()
  subkeys.set(key, kept)
  const name = JSON.stringify([purpose, salt])
  const known = kept.get(name)
  if (known !== undefined) return known
  const derived = Buffer.from(hkdfSync('sha256', key, salt, purpose, 32))
  const [oldest] = kept.keys()
  if (oldest !== undefined && kept.size >= subkeysKept) kept.delete(oldest)
  kept.set(name, derived)
  return derived
}

/** Dynamic truncation as in RFC 4226 section 5.3, over eight bytes so that eight digits carry no visible bias. */
const truncate = (digest: Buffer, digits: number): string => {
  const offset = (digest.at(-1) ?? 0) & 0x0f
  const number = digest.readBigUInt64BE(offset) & 0x7fff_ffff_ffff_ffffn
  return (number % 10n ** BigInt(digits)).toString().padStart(digits, '0')
}

const authenticated = (purpose: string, subject: string | undefined): Buffer =>
  Buffer.from(subject === undefined ? purpose : `${purpose} ${subject}`)

const seal = (master: RingKey, purpose: string, secret: Buffer, subject?: string): string => {
  const nonce = randomBytes(12)
  const key = preparedKey(subkey(master.key, 'seal/v1', purpose))
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(authenticated(purpose, subject))
  const sealed = Buffer.concat([cipher.update(secret), cipher.final()])
  return [
    master.kid,
    nonce.toString('base64url'),
    sealed.toString('base64url'),
    cipher.getAuthTag().toString('base64url'),
  ].join('.')
}

const unseal = (masters: readonly RingKey[], purpose: string, sealed: string, subject?: string): Buffer => {
  const [kid = '', nonce = '', body = '', tag = ''] = sealed.split('.')
  const key = preparedKey(subkey(keyOf(masters, kid), 'seal/v1', purpose))
  const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64url'), {
    authTagLength: 16,
  })
  decipher.setAAD(authenticated(purpose, subject))
  decipher.setAuthTag(Buffer.from(tag, 'base64url'))
  return Buffer.concat([decipher.update(Buffer.from(body, 'base64url')), decipher.final()])
}

const keyOf = (ring: readonly RingKey[], kid: string): Buffer => {
  const entry = ring.find((candidate) => candidate.kid === kid)
  if (entry === undefined) {
    throw new Error(
      `key "${kid}" is no longer in the ring: put it back until the sessions that name it have ended`,
    )
  }
  return entry.key
}

const firstOf = (ring: readonly RingKey[], variable: string): RingKey => {
  const [first] = ring
  if (first === undefined) throw new Error(`${variable} has no key`)
  return first
}
