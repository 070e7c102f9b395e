import * as z from 'zod/mini'
import { count, factGroup, ms, orNull } from './fact-group.ts'

/** Facts that are read as the site supplied them; those of `telemetry` are the browser's word. */
export const suppliedFacts = factGroup(
  {
    'user.email': orNull(z.string()),
    'user.created_at': orNull(ms),
    'user.email_changed_at': orNull(ms),
    target: orNull(z.string()),
    'network.type': orNull(z.string()),
    'network.public': orNull(z.boolean()),
    'network.anonymizer': orNull(z.boolean()),
    'telemetry.payee_pasted': orNull(z.boolean()),
    /** Milliseconds between the first sight of the form and its sending. */
    'telemetry.dwell_ms': orNull(count),
  },
  ({ event: { user, target, network, telemetry } }) => ({
    'user.email': user.email,
    'user.created_at': user.created_at,
    'user.email_changed_at': user.email_changed_at,
    target,
    'network.type': network.type,
    'network.public': network.public,
    'network.anonymizer': network.anonymizer,
    'telemetry.payee_pasted': telemetry.payee_pasted,
    'telemetry.dwell_ms': telemetry.dwell_ms,
  }),
)
