import * as z from 'zod/mini'
import { policyMoveKind } from '#contract/policy'

/**
 * Which version of the policy is live, which is evaluated as a shadow, and what was live before: one small record per
 * environment, in the organisation's document, so that a move is one compare-and-set and every instance sees it with the
 * next request.
 */

/** Null: the policy that comes with the engine, in whichever version. */
const version = z.nullable(z.string())

export const versionMove = z.strictObject({
  /** Counts the moves of one environment: a move is written into a history once. */
  seq: z.int(),
  at: z.int(),
  by: z.string(),
  kind: policyMoveKind,
  policy: version,
  /** The version that it replaced; `nothing` if there was no preview. */
  replaced: z.union([z.strictObject({ version }), z.literal('nothing')]),
  note: z.nullable(z.string()),
})
export type VersionMove = z.infer<typeof versionMove>

export const policyPointers = z.strictObject({
  live: version,
  preview: version,
  /** What was live before, the newest last. Rolling back returns to it. */
  before: z.array(version),
  /** The newest move. The histories of its versions are written after it. */
  last: z.nullable(versionMove),
})
export type PolicyPointers = z.infer<typeof policyPointers>

export const noPointers: PolicyPointers = { live: null, preview: null, before: [], last: null }
