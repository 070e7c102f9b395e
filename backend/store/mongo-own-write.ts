import type { ObjectId } from 'mongodb'

/** What a document tells of the writes behind it: its version, and the ids of the last ones, newest last. */
export type Standing = { version: number; write_ids: readonly ObjectId[] }

/** A write that would have made this version. */
export type OwnWrite = { writeId: ObjectId; version: number }

/**
 * `ours`: it was carried out. `not_ours`: it was not, and never will be. `unknown`: reading back cannot tell.
 */
export type Judgement = 'ours' | 'not_ours' | 'unknown'

/**
 * How many ids a document keeps. Others may write between a lost reply and its repetition: up to this many writes, ours is
 * still found. After more, we refuse.
 */
export const keptWriteIds = 16

/**
 * Decides whose write an insert or a replace met that was answered with *it is there already* or *nothing matched*. Each version has one
 * write, so the id behind our version says whose it is, also when somebody else has written since. `repeated`: the
 * write was sent more than once; only then can an earlier attempt of ours be what stands in the way.
 */
export const judgeOwnWrite = (standing: Standing | null, own: OwnWrite, repeated: boolean): Judgement => {
  const unseen = repeated ? 'unknown' : 'not_ours'
  // Gone, or not yet so far: an attempt of ours may have been removed with the document, or may still be on its way.
  if (standing === null || standing.version < own.version) return unseen
  const behind = standing.write_ids.at(own.version - standing.version - 1)
  if (behind === undefined) return unseen
  return behind.equals(own.writeId) ? 'ours' : 'not_ours'
}

/**
 * Judges a removal of `version` that matched nothing. A removal leaves nothing behind, so after a repetition an absent
 * document is nobody's in particular; one that has gone past the version was not removed by us, and can't be any more.
 */
export const judgeOwnRemoval = (
  standing: Standing | null,
  version: number,
  repeated: boolean,
): 'not_ours' | 'unknown' =>
  !repeated || (standing !== null && standing.version > version) ? 'not_ours' : 'unknown'
