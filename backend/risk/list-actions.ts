import type { ActionPolicy, Policy } from './policy.ts'

export type ActionLine = { name: string } & ActionPolicy

/** Every action that a policy knows, in its own order. */
export const actionLines = ({ actions }: Pick<Policy, 'actions'>): ActionLine[] =>
  Object.entries(actions).map(([name, action]) => ({ name, ...action }))
