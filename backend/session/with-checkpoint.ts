import type { Session } from './document.ts'

/** What changes of a checkpoint's progress. */
export type CheckpointChange = Partial<Session['checkpoint']>

export const withCheckpoint = (session: Session, change: CheckpointChange): Session => ({
  ...session,
  checkpoint: { ...session.checkpoint, ...change },
})
