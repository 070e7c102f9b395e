import type { Deps } from '../deps.ts'
import type { MoveContext } from '../session/move.ts'

/** The context of a transition in which nobody answers anything: no code is judged and none goes out. */
export const unattended = (deps: Deps, now: number): MoveContext => ({
  now,
  policy: deps.policy,
  codeMatches: () => false,
  mayJudgeCode: false,
  maySendCode: false,
  codeDigits: 6,
  jti: deps.random(16).toString('base64url'),
  masterKid: deps.secrets.masterKid,
})
