import * as z from 'zod/mini'
import { environment } from '#contract/environment'
import { signalCode, signalFamily } from '#contract/outcome'
import { versionMove } from '../org/policy-pointers.ts'
import { policySchema } from '../risk/policy.ts'

/** How much of its past a version keeps, the newest last. */
const historyMax = 50

/** A move as a version remembers it. */
const historyEntry = z.extend(versionMove, { environment: environment })
export type HistoryEntry = z.infer<typeof historyEntry>

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const withZeros = (names: readonly string[], stored: unknown): unknown =>
  isRecord(stored) ? { ...Object.fromEntries(names.map((name) => [name, 0])), ...stored } : stored

/**
 * A version decides tomorrow as it did when it was published: a signal that the engine learned later weighs 0 in it, until
 * somebody makes a version that gives it a weight.
 */
const withoutLaterSignals = (stored: unknown): unknown =>
  isRecord(stored)
    ? {
        ...stored,
        weights: withZeros(signalCode.options, stored['weights']),
        caps: withZeros(signalFamily.options, stored['caps']),
      }
    : stored

/** A policy as it is read from the store, also if the engine has learned signals since it was written. */
export const storedPolicy = z.pipe(z.transform(withoutLaterSignals), policySchema)

/** What a list shows of a version: everything but its content and its history. */
export const policyVersionLine = z.strictObject({
  /** `pol_` and the number; also what decisions call it. */
  _id: z.string(),
  number: z.int(),
  base: z.string(),
  note: z.string(),
  /** The id of a key or of an analyst's account, or `operator`. */
  author: z.string(),
  created_at: z.int(),
  /** When it last became live. */
  published_at: z.strictObject({ live: z.nullable(z.int()), test: z.nullable(z.int()) }),
})
export type PolicyVersionLine = z.infer<typeof policyVersionLine>

/** One version of an organisation's policy. Its content never changes; moves add to its history and dates. */
export const policyVersionDocument = z.extend(policyVersionLine, {
  org_id: z.string(),
  version: z.int(),
  purge_at: z.nullable(z.int()),
  policy: storedPolicy,
  history: z.array(historyEntry),
  /** When somebody last began to move it. A version that is about to become live is not removed. */
  claimed_at: z.nullable(z.int()),
})
export type PolicyVersion = z.infer<typeof policyVersionDocument>

export const policyVersionLineOf = (version: PolicyVersion): PolicyVersionLine => ({
  _id: version._id,
  number: version.number,
  base: version.base,
  note: version.note,
  author: version.author,
  created_at: version.created_at,
  published_at: version.published_at,
})

/** The document with a move in its history; the very same document when it is there already. */
export const withMove = (version: PolicyVersion, entry: HistoryEntry): PolicyVersion => {
  const isThere = version.history.some(
    ({ seq, environment }) => seq === entry.seq && environment === entry.environment,
  )
  if (isThere) return version
  return {
    ...version,
    history: [...version.history, entry].slice(-historyMax),
    published_at: publishedBy(version, entry),
  }
}

/** When the version became live, a move of its own included. */
export const publishedBy = (
  { _id, published_at }: PolicyVersionLine,
  entry: HistoryEntry,
): PolicyVersionLine['published_at'] =>
  entry.policy === _id && ['publish', 'roll_back'].includes(entry.kind)
    ? { ...published_at, [entry.environment]: entry.at }
    : published_at
