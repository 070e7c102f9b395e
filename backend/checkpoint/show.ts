import type { SessionView } from '#contract/session-view'
import type { StepError } from '#contract/step'
import { languageOf } from '../../widget/texts/languages.ts'
import type { Deps } from '../deps.ts'
import type { Organisation } from '../org/organisation.ts'
import { organisationOf } from '../repositories/organisations.ts'
import { stepTokenOf, tokenOf } from '../repositories/session-tokens.ts'
import { nowFor } from '../repositories/sessions.ts'
import type { Session } from '../session/document.ts'
import { viewOf } from '../session/view.ts'

export type Shown = { view: SessionView; organisation: Organisation }

/** What the page of a session shows now. Reads and derives; writes nothing. */
export const show = async (deps: Deps, session: Session, error: StepError | null): Promise<Shown> => {
  const organisation = await organisationOf(deps, session)
  const { code, direction, screens } = languageOf(organisation.language)
  const view = viewOf(session, {
    now: nowFor(deps, session),
    sessionKey: deps.secrets.sessionKey(session),
    stepToken: stepTokenOf(deps, session),
    token: tokenOf(deps, session),
    organisation,
    language: { code, direction, version: screens.version },
    error,
  })
  return { view, organisation }
}
