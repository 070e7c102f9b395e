import type { EnforcementMode, ObservedDecision } from '#contract/enforcement'
import type { EnforcedExtent } from '#contract/enforcement-detail'
import type { ActionPolicy, Policy } from './policy.ts'

/**
 * For whom decisions are carried out. The organisation says so for an environment, and its policy may say otherwise for an
 * action, or for a share of the people.
 */

/**
 * What decides beside the policy: the environment's own mode, and the person's lot from 0 up to, but never, 1. `always`,
 * whatever the policy says: for a backtest, which asks what would be decided, and where somebody else decided to ask.
 */
export type Enforcement = { mode: EnforcementMode; lot: number } | 'always'

type Enforced = Pick<ActionPolicy, 'enforcement' | 'enforcement_share'>

/** Of how many people in a hundred an action is enforced. */
export const enforcedShareOf = (action: Enforced, mode: EnforcementMode): number =>
  (action.enforcement ?? mode) === 'observe' ? 0 : (action.enforcement_share ?? 100)

/** What a policy says of an action that is enforced for so many people in a hundred, as a merge patch. */
export const enforcedFor = (percent: number) => ({
  enforcement: percent === 0 ? ('observe' as const) : ('enforce' as const),
  enforcement_share: percent === 0 || percent === 100 ? null : percent,
})

/** A person's lot never changes, so raising a share adds people and loses nobody. */
export const isEnforced = (action: Enforced, enforcement: Enforcement): boolean =>
  enforcement === 'always' || enforcement.lot < enforcedShareOf(action, enforcement.mode) / 100

/**
 * Whether an allow makes what it allowed usual by itself. What would have been asked or stopped becomes usual only when the
 * site says that it went through.
 */
export const teachesByItself = (observed: ObservedDecision | null): boolean =>
  observed === null || observed.outcome === 'allow'

/** The same policy with every action enforced for everybody. */
export const enforcedThroughout = (policy: Policy): Policy => ({
  ...policy,
  actions: Object.fromEntries(
    Object.entries(policy.actions).map(([name, { enforcement: _, enforcement_share: __, ...action }]) => [
      name,
      action,
    ]),
  ),
})

/** An action of which more or fewer people are enforced. */
export type ShareChange = { action: string; from: number; to: number }

/** What another policy changes in whom decisions are carried out for, in an environment of this mode. */
export const shareChanges = (before: Policy, after: Policy, mode: EnforcementMode): ShareChange[] =>
  [...new Set([...Object.keys(before.actions), ...Object.keys(after.actions)])]
    .map((action) => ({
      action,
      from: enforcedShareOf(before.actions[action] ?? {}, mode),
      to: enforcedShareOf(after.actions[action] ?? {}, mode),
    }))
    .filter(({ from, to }) => from !== to)

/** What is enforced in an environment, taken together. */
export const enforcedExtent = (
  { actions }: Pick<Policy, 'actions'>,
  mode: EnforcementMode,
): EnforcedExtent => {
  const shares = [{}, ...Object.values(actions)].map((action) => enforcedShareOf(action, mode))
  if (shares.every((share) => share === 100)) return 'all'
  return shares.every((share) => share === 0) ? 'nothing' : 'part'
}
