import canonicalize from 'canonicalize'
import { secondMs } from '#contract/durations'
import type { IngestEvent } from '#contract/event'
import type { CanonicalPayee, NormalisedEvent } from '#contract/normalised-event'
import { canonicaliseMailbox, canonicalisePayee } from './canonical.ts'
import { payeeIdentity } from './payee-identity.ts'

/** How far a site's clock may run ahead of ours. */
export const clockSkewSeconds = 300

type SubjectPurpose =
  | 'user'
  | 'payee'
  | 'device'
  | 'mailbox'
  | 'ip'
  | 'network'
  | 'email_domain'
  | 'country'
  | 'session'
/** A digest under the organisation's own key. `purpose` separates the domains: no payee's key equals a device's. */
export type SubjectDigest = (purpose: SubjectPurpose, value: string) => string

type NormaliseRefusal = {
  ok: false
  reason: 'occurred_in_future' | 'invalid_request'
  /** Dotted path of the field at fault. */
  path: string
  message: string
}
/** `digest`: under the caller's own key. */
export type NormaliseOptions = { now: number; digest: SubjectDigest }

export type NormaliseAnswer = { ok: true; event: NormalisedEvent } | NormaliseRefusal

const refuse = (reason: NormaliseRefusal['reason'], path: string, message: string): NormaliseRefusal => ({
  ok: false,
  reason,
  path,
  message,
})

/** RFC 3339 → epoch milliseconds. NaN if the text fits the contract but is no date of any calendar. */
const toMs = (value: string | null | undefined): number | null => (value ? Date.parse(value) : null)

/** The key of a payee in memory. */
export function payeeKey(payee: CanonicalPayee | null, digest: SubjectDigest): string | null {
  const identity = payeeIdentity(payee)
  return identity === null ? null : digest('payee', identity.text)
}

/** As typed, for screens and mail. A field without a visible character is null. */
function payeeOf(payee: IngestEvent['payee']): NormalisedEvent['payee'] {
  const canonical = canonicalisePayee(payee)
  if (!payee || !canonical) return null
  return {
    typed: {
      id: canonical.id && (payee.id ?? null),
      name: canonical.name && (payee.name ?? null),
      account: canonical.account && (payee.account ?? null),
      country: canonical.country && (payee.country ?? null),
    },
    canonical,
    added_at: toMs(payee.added_at),
  }
}

/** Metadata as canonical text: the same content is the same text, and no key from outside becomes a stored field. */
function metadataText(metadata: IngestEvent['metadata']): { ok: true; text: string | null } | { ok: false } {
  if (!metadata) return { ok: true, text: null }
  try {
    return { ok: true, text: canonicalize(metadata) ?? null }
  } catch {
    // Infinity (1e999) and lone surrogates have no canonical form.
    return { ok: false }
  }
}

function userOf(user: IngestEvent['user']): NormalisedEvent['user'] {
  return {
    id: user.id,
    email: user.email ?? null,
    email_changed_at: toMs(user.email_changed_at),
    previous_email: user.previous_email ?? null,
    phone: user.phone ?? null,
    created_at: toMs(user.created_at),
    locale: user.locale ?? null,
  }
}

/** Objective facts as a site tells them, with the event or later. */
export const normaliseContext = (context: IngestEvent['context']): NormalisedEvent['context'] => ({
  call_active: context?.call_active ?? null,
  remote_access: context?.remote_access ?? null,
  screen_shared: context?.screen_shared ?? null,
  payee_name_match: context?.payee_name_match ?? null,
  observed_at: toMs(context?.observed_at),
})

function surroundingsOf({ device, network, place, context, telemetry }: IngestEvent) {
  return {
    device: { id: device?.id ?? null, user_agent: device?.user_agent ?? null },
    network: {
      ip: network?.ip ?? null,
      type: network?.type ?? null,
      public: network?.public ?? null,
      anonymizer: network?.anonymizer ?? null,
      id: network?.id ?? null,
    },
    location: {
      country: place?.country ?? null,
      city: place?.city ?? null,
      lat: place?.lat ?? null,
      lon: place?.lon ?? null,
    },
    context: normaliseContext(context),
    telemetry: {
      device_id: telemetry?.device_id ?? null,
      language: telemetry?.language ?? null,
      time_zone: telemetry?.time_zone ?? null,
      connection: telemetry?.connection ?? null,
      payee_pasted: telemetry?.payee_pasted ?? null,
      dwell_ms: telemetry?.dwell_ms ?? null,
    },
  }
}

/** If the site names no device, the browser's own id is used. Memory keeps the two apart (`risk/device-memory.ts`). */
function keysOf(event: IngestEvent, payee: NormalisedEvent['payee'], digest: SubjectDigest) {
  const device = event.device?.id ?? event.telemetry?.device_id ?? null
  const email = event.user.email ?? null
  return {
    user: digest('user', event.user.id),
    payee: payeeKey(payee?.canonical ?? null, digest),
    device: device === null ? null : digest('device', device),
    mailbox: email === null ? null : digest('mailbox', canonicaliseMailbox(email)),
  }
}

/** Path of the first field that is no point in time; null if there is none. */
function brokenTime(event: NormalisedEvent): string | null {
  const times: [string, number | null | undefined][] = [
    ['occurred_at', event.occurred_at],
    ['user.email_changed_at', event.user.email_changed_at],
    ['user.created_at', event.user.created_at],
    ['payee.added_at', event.payee?.added_at],
    ['context.observed_at', event.context.observed_at],
  ]
  return times.find(([, value]) => Number.isNaN(value))?.[0] ?? null
}

/**
 * Makes of an event of the public contract, already parsed, the one shape that everything behind the intake reads.
 * Connectors of other systems make an event of the contract first. Absent fields are null. Times are epoch milliseconds;
 * `occurred_at` defaults to `now`.
 *
 * Refuses an event more than 5 minutes ahead of `now` (`occurred_in_future`), one from before 1970, and metadata or times
 * without a canonical form (`invalid_request`).
 */
export function normaliseEvent(event: IngestEvent, { now, digest }: NormaliseOptions): NormaliseAnswer {
  const metadata = metadataText(event.metadata)
  if (!metadata.ok)
    return refuse('invalid_request', 'metadata', 'must be JSON with finite numbers and whole characters')

  const payee = payeeOf(event.payee)
  const normalised: NormalisedEvent = {
    action: event.action,
    user: userOf(event.user),
    amount: event.amount ? { value: event.amount.value, currency: event.amount.currency } : null,
    amount_limit: event.amount?.limit ?? null,
    payee,
    target: event.target ?? null,
    ...surroundingsOf(event),
    occurred_at: toMs(event.occurred_at) ?? now,
    return_url: event.return_url ?? null,
    metadata: metadata.text,
    keys: keysOf(event, payee, digest),
  }
  const broken = brokenTime(normalised)
  if (broken !== null) return refuse('invalid_request', broken, 'must be an RFC 3339 date and time')
  if (normalised.occurred_at > now + clockSkewSeconds * secondMs)
    return refuse(
      'occurred_in_future',
      'occurred_at',
      `must not be more than ${clockSkewSeconds / 60} minutes ahead of our clock`,
    )
  // No site has records from before 1970: the unit is wrong, or somebody wants to look old.
  if (normalised.occurred_at < 0) return refuse('invalid_request', 'occurred_at', 'must not be before 1970')
  return { ok: true, event: normalised }
}
