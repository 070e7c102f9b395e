import type { Upgrade } from '../store/port.ts'
import { effectOfBefore } from './session-upgrades.ts'
import { object } from './shape.ts'

export const outboxUpgrades: readonly Upgrade[] = [object({ inside: { effect: effectOfBefore } })]
