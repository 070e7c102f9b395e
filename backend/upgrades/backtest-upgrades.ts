import type { Upgrade } from '../store/port.ts'
import { object } from './shape.ts'

const perTier = { none: 0, low: 0, medium: 0, high: 0, critical: 0 }
const nothingKnown = { before: perTier, after: perTier }

export const backtestUpgrades: readonly Upgrade[] = [
  object({ inside: { result: object({ renamed: { judged: 'evaluated' } }) } }),
  object({ inside: { result: object({ added: { truth: { fraud: nothingKnown, honest: nothingKnown } } }) } }),
]
