import type { Upgrade } from '../store/port.ts'
import { object } from './shape.ts'

export const policyVersionUpgrades: readonly Upgrade[] = [object({ added: { claimed_at: null } })]
