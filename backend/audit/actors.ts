import type { ActorType } from '#contract/trail'
import type { EntryDraft } from './entry.ts'

/** Who did what an entry records. */

/** What kind of actor an author is, by the way that authors are written everywhere. */
export const actorTypeOf = (by: string): Extract<ActorType, 'operator' | 'site' | 'analyst'> =>
  by === 'operator' ? 'operator' : by.startsWith('key:') ? 'site' : 'analyst'

/** An entry by the engine itself. */
export const bySystem = (action: string, meta: EntryDraft['meta'] = {}): EntryDraft => ({
  actor: 'anti-social-engine',
  actor_type: 'system',
  action,
  meta,
})

/** An entry by whoever gave a command, written as their kind is. */
export const byAuthor = (by: string, action: string, meta: EntryDraft['meta']): EntryDraft => ({
  actor: by,
  actor_type: actorTypeOf(by),
  action,
  meta,
})

/** An entry by the site's backend, under the id of the key that it called with. */
export const bySite = (keyId: string, action: string, meta: EntryDraft['meta'] = {}): EntryDraft =>
  byAuthor(`key:${keyId}`, action, meta)

/** Whoever holds the server: commands are given by them, and by nobody whom we could name. */
export const byOperator = (action: string, meta: EntryDraft['meta']): EntryDraft =>
  byAuthor('operator', action, meta)
