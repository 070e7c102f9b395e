import type { EnforcementMode } from '#contract/enforcement'
import { enforcedShareOf } from './enforcement.ts'
import type { ActionPolicy, Policy } from './policy.ts'

export type ActionLine = {
  name: string
  /** Of how many people in a hundred its decisions are carried out. */
  enforced_percent: number
} & Omit<ActionPolicy, 'enforcement' | 'enforcement_share'>

/** Every action that a policy knows, in its own order, in an environment of this mode. */
export const actionLines = ({ actions }: Pick<Policy, 'actions'>, mode: EnforcementMode): ActionLine[] =>
  Object.entries(actions).map(([name, { enforcement, enforcement_share, ...action }]) => ({
    name,
    ...action,
    enforced_percent: enforcedShareOf({ enforcement, enforcement_share }, mode),
  }))
