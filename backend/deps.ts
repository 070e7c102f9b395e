import type { Analytics } from './analytics/analytics.ts'
import type { Collections } from './collections.ts'
import type { Config } from './config.ts'
import type { Metrics } from './metrics.ts'
import type { SendMail } from './outbox/mail.ts'
import type { Policy } from './risk/policy.ts'
import type { Secrets } from './secrets.ts'
import type { AttemptReader } from './session/collections.ts'
import type { World } from './world.ts'

/** The world, as the spine is handed it: only `serve.ts` and tests build it. */
export type Deps = World & {
  config: Config
  collections: Collections
  /** Earlier attempts as payee memory reads them, from the same store. */
  attempts: AttemptReader
  secrets: Secrets
  policy: Policy
  sendMail: SendMail
  metrics: Metrics
  analytics: Analytics
  /** Tells the local relay that a session has consequences to carry out; polling is the net below it. */
  nudge: (session: { org_id: string; _id: string }) => void
}
