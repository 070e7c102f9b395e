import type { Upgrade } from '../store/port.ts'
import { list, object } from './shape.ts'
import { untrailed } from './words-of-before.ts'

export const profileUpgrades: readonly Upgrade[] = [
  object({
    added: { last_position: null },
    inside: {
      attempts: list(object({ added: { state: 'open', open_until: 0, repeats: null } })),
      learned: list(object({ added: { hour: null } })),
      payees: list(object({ added: { by_history: false } })),
    },
  }),
  object({ inside: { payees: list(object({ added: { opening: [] } })) } }),
]

export const payeeUpgrades: readonly Upgrade[] = [
  object({ renamed: { verdicts: 'dispositions' }, added: { first_paid_at: null } }),
  object({ added: { days: [], payers: [], triers: [], sessions_read: false } }),
]

export const labelUpgrades: readonly Upgrade[] = [object({ added: untrailed })]

export const taughtUpgrades: readonly Upgrade[] = [object({ added: { line_digest: null, import_id: null } })]
