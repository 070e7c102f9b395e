import { createCipheriv, createDecipheriv, type KeyObject } from 'node:crypto'
import type { SealedRef } from '../store/port.ts'

/**
 * `person.key_id.base64url(nonce ‖ ciphertext ‖ tag)`: AES-256-GCM with a random nonce of 96 bits, which one key may be given
 * 2³² times (NIST SP 800-38D 8.3). What it belongs to is authenticated with it, so it opens in no other document.
 */
export type SealedText = { person: string; key_id: string; blob: string }

export const nonceBytes = 12
const tagBytes = 16

const authenticated = ({ collection, org_id, _id, part }: SealedRef): Buffer =>
  Buffer.from(JSON.stringify([collection, org_id, _id, part]))

/** `nonce`: 12 random bytes that this key was never given. */
export const sealText = (key: KeyObject, nonce: Buffer, ref: SealedRef, text: string): string => {
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(authenticated(ref))
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString(
    'base64url',
  )
}

/** Throws when the text was altered, or belongs to another key or ref. */
export const openText = (key: KeyObject, ref: SealedRef, blob: string): string => {
  const bytes = Buffer.from(blob, 'base64url')
  const end = bytes.length - tagBytes
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), {
    authTagLength: tagBytes,
  })
  decipher.setAAD(authenticated(ref))
  decipher.setAuthTag(bytes.subarray(end))
  const text = decipher.update(bytes.subarray(nonceBytes, end))
  // Nothing is left over in this mode: it only judges the tag.
  decipher.final()
  return text.toString()
}

export const joined = ({ person, key_id, blob }: SealedText): string => `${person}.${key_id}.${blob}`

/** Throws when it is no sealed text. */
export const split = (sealed: string): SealedText => {
  const [person, key_id, blob, ...more] = sealed.split('.')
  if (person === undefined || key_id === undefined || blob === undefined || more.length > 0)
    throw new TypeError('what should be sealed is no sealed text')
  return { person, key_id, blob }
}
