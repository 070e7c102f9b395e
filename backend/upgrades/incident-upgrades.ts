import type { Upgrade } from '../store/port.ts'
import { list, object } from './shape.ts'
import { endings } from './words-of-before.ts'

/** Whose key would seal them was not written down: they stay in the clear. */
const ofNobodyNamed = { user_key: null }

export const incidentUpgrades: readonly Upgrade[] = [
  object({
    renamed: { verdicts: 'dispositions' },
    added: { dispositions: [], ...ofNobodyNamed },
    inside: { cause: endings, dispositions: list(object({ renamed: { verdict: 'disposition' } })) },
  }),
]

export const scamReportUpgrades: readonly Upgrade[] = [object({ added: ofNobodyNamed })]
