import type { Environment } from '#contract/environment'
import type { Organisation } from './organisation.ts'

/** Who asks: one organisation, in one environment, by one key. Everything they touch is theirs. */
export type Caller = { org: Organisation; environment: Environment; key_id: string }
