import type { Session } from '../../backend/session/document.ts'

type Group = 'keys' | 'request' | 'event' | 'evaluation' | 'checkpoint' | 'ending' | 'consequences'

/** What is different about a session, group by group. */
export type SessionChange = Partial<Omit<Session, Group>> & { [G in Group]?: Partial<Session[G]> }

export const sessionWith = (session: Session, change: SessionChange): Session => ({
  ...session,
  ...change,
  keys: { ...session.keys, ...change.keys },
  request: { ...session.request, ...change.request },
  event: { ...session.event, ...change.event },
  evaluation: { ...session.evaluation, ...change.evaluation },
  checkpoint: { ...session.checkpoint, ...change.checkpoint },
  ending: { ...session.ending, ...change.ending },
  consequences: { ...session.consequences, ...change.consequences },
})
