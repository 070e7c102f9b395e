import type { Deps } from '../deps.ts'
import type { CodeBinding } from '../session/move.ts'

/** The code that a message carries, derived anew each time; a test key may have fixed it. It is stored nowhere. */
export const codeOf = ({ secrets }: Deps, { session, bound_to, generation, digits }: CodeBinding): string =>
  session.evaluation.test?.code ?? secrets.code(session, bound_to, generation, digits)
