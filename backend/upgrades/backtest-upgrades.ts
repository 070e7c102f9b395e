import type { Upgrade } from '../store/port.ts'
import { object } from './shape.ts'

export const backtestUpgrades: readonly Upgrade[] = [
  object({ inside: { result: object({ renamed: { judged: 'evaluated' } }) } }),
]
