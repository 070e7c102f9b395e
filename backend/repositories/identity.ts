import { referenceAlphabet, referenceLength, referenceOf } from '#contract/case-reference'
import type { Environment } from '#contract/environment'
import type { Deps } from '../deps.ts'
import type { Caller } from '../org/caller.ts'
import type { Organisation } from '../org/organisation.ts'
import { digestUnder, sha256 } from '../secrets.ts'

/** Ids and keyed digests. All of them derive, so that a retry, a repair and another instance arrive at the same ones. */

/** Kept for as long as the document that it was opened for: another one's key is never taken for it. */
const opened = new WeakMap<KeyHolder, Buffer>()
type KeyHolder = Pick<Organisation, '_id' | 'digest_key_sealed'>

/** The organisation's own digest key. It survives the rotation of master keys: profiles and holds are found by it. */
export const digestKeyOf = ({ secrets }: Pick<Deps, 'secrets'>, organisation: KeyHolder): Buffer => {
  const known = opened.get(organisation)
  if (known !== undefined) return known
  const key = secrets.unseal(`digest-key/${organisation._id}`, organisation.digest_key_sealed)
  opened.set(organisation, key)
  return key
}

/**
 * What another system signs its deliveries with, derived so that nothing is stored: one secret for each connector and API
 * key. It ends with that key.
 */
export const connectorSecret = (
  deps: Deps,
  { org, environment, key_id }: Caller,
  connector: string,
): string => digestUnder(digestKeyOf(deps, org), environment, 'connector', connector, key_id)

/** Keyed digests of subjects: live and test never meet. */
export const subjectDigest = (key: Buffer, environment: Environment) => (purpose: string, value: string) =>
  digestUnder(key, environment, purpose, value)

const hexLength = 32

const hex = (digest: string): string => Buffer.from(digest, 'base64url').toString('hex').slice(0, hexLength)

/** The suffix that session and event share: from the idempotency key when there is one, else random. */
export const sessionSuffix = (
  deps: Deps,
  key: Buffer,
  environment: Environment,
  idempotencyKey: string | null,
): string =>
  idempotencyKey === null
    ? deps.random(16).toString('hex')
    : hex(digestUnder(key, environment, 'idempotency', idempotencyKey))

const payerLength = 16

/**
 * Who pays a payee, as that payee's memory knows them: of two digests under the organisation's key, so that nobody can be
 * followed from one payee's memory to another's without it.
 */
export const payerOf = (payeeKey: string, userKey: string): string =>
  hex(sha256(`${payeeKey} ${userKey}`)).slice(0, payerLength)

const labelSuffixLength = 16

/** What tells the labels of one subject apart: derived where a repeat must find the label that it wrote, else random. */
export const labelSuffix = (
  deps: Deps,
  key: Buffer,
  environment: Environment,
  origin: string | null,
): string =>
  origin === null
    ? deps.random(labelSuffixLength / 2).toString('hex')
    : hex(digestUnder(key, environment, 'label', origin)).slice(0, labelSuffixLength)

/** An event and its session share a suffix, so neither needs an index to find the other. */
export const sessionIdOf = (eventId: string): string => eventId.replace(/^evt_/, 'ses_')

/** What a session gives rise to at most once has an id that derives from it: writing it twice is harmless. */
export const incidentIdOf = (key: Buffer, sessionId: string): string =>
  `inc_${hex(digestUnder(key, 'incident', sessionId))}`
export const holdIdOf = (key: Buffer, sessionId: string): string =>
  `hold_${hex(digestUnder(key, 'hold', sessionId))}`
export const reportIdOf = (key: Buffer, sessionId: string): string =>
  `rpt_${hex(digestUnder(key, 'report', sessionId))}`

/**
 * `K7-4Q9M`: finds a case at the support desk, opens nothing. With 4.8 × 10⁸ of them two sessions of an organisation may
 * share one: whoever looks it up is shown all of them, and asks for the name.
 */
export const caseReferenceOf = (key: Buffer, sessionId: string): string => {
  const bytes = Buffer.from(digestUnder(key, 'case', sessionId), 'base64url')
  const characters = [...bytes.subarray(0, referenceLength)].map(
    (byte) => referenceAlphabet[byte % referenceAlphabet.length],
  )
  return referenceOf(characters.join(''))
}
