import type { Upgrade } from '../store/port.ts'
import { object } from './shape.ts'
import { untrailed } from './words-of-before.ts'

const noVersions = { live: null, preview: null, before: [], last: null }

export const organisationUpgrades: readonly Upgrade[] = [
  object({
    added: {
      ...untrailed,
      time_zone: null,
      holdout_share: 0,
      policies: { live: noVersions, test: noVersions },
    },
  }),
]

export const apiKeyUpgrades: readonly Upgrade[] = [object({ added: untrailed })]

export const adminAccountUpgrades: readonly Upgrade[] = [object({ added: untrailed })]
