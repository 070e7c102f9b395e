import * as z from 'zod/mini'
import { mailboxAddress, text } from '#contract/text'
import { dueEntries } from '../audit/organisation-trail.ts'
import { holdoutShareMax } from '../risk/holdout.ts'
import { storedFields } from '../store/define-collection.ts'
import { enforcementState } from './enforcement-state.ts'
import { isExactOrigin, isPlainHost, isSecureScheme } from './exact-origin.ts'
import { policyPointers } from './policy-pointers.ts'

/**
 * A customer: who may frame its checkpoint, where people may be sent back to, whom they are told to call.
 * Only values that were registered here ever reach a header or a link; nothing is taken from a request.
 */

const returnUrlMaxLength = 2048

const exactOrigin = z.string().check(
  z.refine(isExactOrigin, {
    error:
      'must be one origin such as https://bank.example, without path or wildcard; http:// only for this machine',
  }),
)

/** A registered return URL: a scheme, host and port, and a path below which every path is allowed. */
const registeredReturnUrl = z.string().check(
  z.maxLength(returnUrlMaxLength),
  z.refine(
    (value) => {
      const read = readReturnUrl(value)
      return read.ok && read.url.search === '' && !value.includes('?')
    },
    {
      error: 'must be an https URL without query or fragment, for example https://bank.example/transfer',
    },
  ),
)

/** Digits and what people put between them; an extension in words belongs on the support page. */
const phoneNumber = z
  .string()
  .check(z.regex(/^\+?[0-9][0-9 ().-]{2,30}$/, { error: 'must be a phone number such as +34 600 000 000' }))

/** Becomes a link on the checkpoint: never `javascript:`, never http on the open network. */
const supportUrl = z.string().check(
  z.maxLength(returnUrlMaxLength),
  z.refine(
    (value) => {
      const url = URL.parse(value)
      return url !== null && isSecureScheme(url) && url.username === '' && url.password === ''
    },
    { error: 'must be an https URL, for example https://bank.example/help' },
  ),
)

export const organisationDocument = z.strictObject({
  /** `_id`: `org_…`; `org_id` is the same, because an organisation is the tenant of its own document. */
  ...storedFields,
  name: text(80),
  /** The only number that a checkpoint ever shows. */
  support_phone: z.nullable(phoneNumber),
  support_url: z.nullable(supportUrl),
  /** Where incidents are announced. */
  security_email: z.nullable(mailboxAddress),
  /** Exact origins whose pages may frame the checkpoint. */
  origins: z.array(exactOrigin).check(z.maxLength(50)),
  return_urls: z.array(registeredReturnUrl).check(z.maxLength(50)),
  hold_hours: z.union([z.literal(12), z.literal(24), z.literal(72)]),
  /** BCP 47. */
  language: text(35),
  /** IANA name: the clock for people whose own is not known. Null: UTC. */
  time_zone: z.nullable(text(64)),
  /** Which share of its users goes without mild checkpoints, for comparison; 0 compares nobody. */
  holdout_share: z.number().check(z.gte(0), z.lte(holdoutShareMax)),
  /** Which versions of its policy are live, and which are in preview. */
  policies: z.strictObject({ live: policyPointers, test: policyPointers }),
  /** Whether decisions are carried out, in each environment. */
  enforcement: enforcementState,
  /** The key of the action digest, sealed under the master ring. */
  digest_key_sealed: z.string(),
  created_at: z.int(),
  trail_due: dueEntries,
})
export type Organisation = z.infer<typeof organisationDocument>

type ReturnUrlRefusal =
  | 'too_long'
  | 'forbidden_character'
  | 'unparseable'
  | 'not_https'
  | 'credentials'
  | 'fragment'
  | 'odd_host'
  | 'not_normal_form'
  | 'encoded_separator'
  | 'reserved_parameter'
  | 'not_registered'

export type ReturnUrlAnswer =
  | { ok: true; url: string; origin: string }
  | { ok: false; reason: ReturnUrlRefusal }

/** RFC 3986's alphabet. The URL standard repairs what lies outside (`\`, tabs, spaces): repaired means read twice. */
const rfc3986 = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]+$/

/** Dots, slashes, backslashes, NUL and the percent sign itself, encoded: a server behind us may decode once more. */
const encodedSeparator = /%(2e|2f|5c|00|25)/i

/**
 * One parse, one meaning: the text must already be what the parser makes of it, apart from the slash of an empty path.
 * That alone refuses dot segments, numeric hosts, upper case, default ports and Unicode look-alikes.
 */
function readReturnUrl(value: string): { ok: true; url: URL } | { ok: false; reason: ReturnUrlRefusal } {
  if (value.length > returnUrlMaxLength) return { ok: false, reason: 'too_long' }
  if (!rfc3986.test(value)) return { ok: false, reason: 'forbidden_character' }
  const url = URL.parse(value)
  if (url === null) return { ok: false, reason: 'unparseable' }
  if (!isSecureScheme(url)) return { ok: false, reason: 'not_https' }
  if (url.username !== '' || url.password !== '') return { ok: false, reason: 'credentials' }
  if (value.includes('#')) return { ok: false, reason: 'fragment' }
  if (!isPlainHost(url.hostname)) return { ok: false, reason: 'odd_host' }
  if (url.href !== value && url.href !== `${value}/`) return { ok: false, reason: 'not_normal_form' }
  if (encodedSeparator.test(url.pathname)) return { ok: false, reason: 'encoded_separator' }
  return { ok: true, url }
}

const isBelow = (path: string, registered: string): boolean =>
  path === registered || path.startsWith(registered.endsWith('/') ? registered : `${registered}/`)

/**
 * Whether a person may be sent back to `candidate`: https (http on this machine alone), exactly a registered scheme,
 * host and port, and a registered path or one below it, judged by whole segments. `session_id` is ours to add.
 */
export const returnUrlAllowed = (
  org: Pick<Organisation, 'return_urls'>,
  candidate: string,
): ReturnUrlAnswer => {
  const read = readReturnUrl(candidate)
  if (!read.ok) return read
  if (read.url.searchParams.has('session_id')) return { ok: false, reason: 'reserved_parameter' }
  const registered = org.return_urls.some((entry) => {
    const known = URL.parse(entry)
    return known !== null && known.origin === read.url.origin && isBelow(read.url.pathname, known.pathname)
  })
  if (!registered) return { ok: false, reason: 'not_registered' }
  return { ok: true, url: read.url.href, origin: read.url.origin }
}

/** Whether a page of `origin`, as the browser serialises it, may frame this organisation's checkpoint. */
export const originAllowed = (org: Pick<Organisation, 'origins'>, origin: string): boolean =>
  isExactOrigin(origin) && org.origins.includes(origin)
