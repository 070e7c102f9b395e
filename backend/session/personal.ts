import type { NormalisedEvent } from '#contract/normalised-event'
import type { SessionSummary } from '#contract/session-summary'
import { eachOf, type PersonalFields, personal } from '../store/personal-fields.ts'
import type { PersonalParts } from '../store/port.ts'
import type { Session } from './document.ts'

/**
 * What of a session is about a person: who they are, whom they pay, on what device, from where, and what they or their site
 * typed. What stays in the clear is what reports count and indexes hold: figures, codes, times and keyed digests.
 */

/** Stands where a site's own id of a person stood. */
const erasedUserId = 'erased'

const event = {
  user: personal<NormalisedEvent['user']>({
    id: erasedUserId,
    email: null,
    email_changed_at: null,
    previous_email: null,
    phone: null,
    created_at: null,
    locale: null,
  }),
  payee: personal<NormalisedEvent['payee']>(null),
  target: personal<NormalisedEvent['target']>(null),
  device: personal<NormalisedEvent['device']>({ id: null, user_agent: null }),
  network: personal<NormalisedEvent['network']>({
    ip: null,
    type: null,
    public: null,
    anonymizer: null,
    id: null,
  }),
  location: personal<NormalisedEvent['location']>({ country: null, city: null, lat: null, lon: null }),
  telemetry: personal<NormalisedEvent['telemetry']>({
    device_id: null,
    language: null,
    time_zone: null,
    connection: null,
    payee_pasted: null,
    dwell_ms: null,
  }),
  return_url: personal<NormalisedEvent['return_url']>(null),
  metadata: personal<NormalisedEvent['metadata']>(null),
} satisfies PersonalFields

export const sessionPersonal: PersonalParts<Session> = {
  person: (session) => session.event.keys.user,
  document: {
    event,
    evaluation: {
      // It says most of the event again, and nothing but evaluating once more reads it.
      input: personal<Session['evaluation']['input']>(null),
      // A reason names the country and the city that it speaks of.
      assessment: { reasons: eachOf({ detail: personal('') }) },
    },
    consequences: { report: { details: personal('') } },
  },
  line: { summary: { user_id: personal<SessionSummary['user_id']>(erasedUserId) } },
}
