import type { Upgrade } from '../store/port.ts'
import { object } from './shape.ts'
import { untrailed } from './words-of-before.ts'

const noVersions = { live: null, preview: null, before: [], last: null }

const enforced = { mode: 'enforce', moved: null, proposed: null }

export const organisationUpgrades: readonly Upgrade[] = [
  object({
    added: {
      ...untrailed,
      time_zone: null,
      holdout_share: 0,
      policies: { live: noVersions, test: noVersions },
    },
  }),
  // Whoever was there before this could be chosen goes on enforcing.
  object({
    added: { enforcement: { live: enforced, test: enforced, two_analysts: false, mail_due: [] } },
  }),
]

export const apiKeyUpgrades: readonly Upgrade[] = [object({ added: untrailed })]

export const adminAccountUpgrades: readonly Upgrade[] = [object({ added: untrailed })]
