import type { Deps } from '../deps.ts'
import { policyOf } from '../repositories/policies.ts'
import type { Session } from '../session/document.ts'
import type { MoveContext } from '../session/move.ts'

/** The context of a transition in which nobody answers anything: no code is judged and none goes out. */
export const systemContext = async (deps: Deps, session: Session, now: number): Promise<MoveContext> => ({
  now,
  policy: await policyOf(deps, session),
  codeMatches: () => false,
  mayJudge: false,
  hasTries: false,
  maySend: false,
  isAlarmed: false,
  jti: deps.random(16).toString('base64url'),
  masterKid: deps.secrets.masterKid,
})
