import type { PolicyMoveKind, PolicyState } from '#contract/policy'

/** Versions of the policy: where they stand, and what was done with them. */

export const policyStateWords: Record<PolicyState, string> = {
  draft: 'Draft',
  preview: 'In preview',
  live: 'Live',
  retired: 'Retired',
}

export const policyMoveWords: Record<PolicyMoveKind, string> = {
  preview: 'Put into preview',
  withdraw: 'Taken out of preview',
  publish: 'Published',
  roll_back: 'Rolled back to',
}
