import * as z from 'zod/mini'
import { problem } from '#contract/problem'
import { checkpointAnswer } from '#contract/session-view'
import type { StepError } from '#contract/step'
import { submit, submits } from '#contract/submit'
import { text } from '#contract/text'
import { styles } from '../../widget/screens/styles.ts'
import { languageOf } from '../../widget/texts/languages.ts'
import { answer, findByKey, noteOpened, show } from '../checkpoint.ts'
import type { Deps } from '../deps.ts'
import type { Session } from '../session/document.ts'
import { acceptedLanguages } from './accepted-languages.ts'
import { AppError, problemTable } from './app-error.ts'
import { renderChallengePage, renderMissingPage, renderUnregisteredParentPage } from './challenge-page.ts'
import { gzipAround } from './gzip-around.ts'
import { challengeHeaders } from './headers.ts'
import { type Limits, refuseIfLimited } from './limits.ts'
import { repeatIsSafe } from './open-outcome.ts'
import { busyRefused } from './refusals.ts'
import { nothing, openRoute, type Route, type RouteAnswer } from './route.ts'
import type { StaticFiles } from './static-files.ts'
import { unregisteredParent } from './unregistered-parent.ts'

/**
 * The person's side. The URL's key opens one session; there is no cookie and nothing else to know.
 *
 * Requirements: GET derives and writes nothing, because mail scanners and previews follow links; a submit comes from our
 * own page; a form is answered by a redirect to the page, so that reloading repeats nothing; a refused step is told to
 * our own script as 200, so that the host page's console stays silent.
 */

export type ChallengeDeps = { deps: Deps; limits: Limits; frame: StaticFiles['frame'] }

const sessionKey = text(128)
/** Browsers send these with every request; programs don't have to. */
const browserHeaders = z.object({
  origin: z.optional(z.string()),
  'sec-fetch-site': z.optional(z.string()),
  'sec-fetch-dest': z.optional(z.string()),
  referer: z.optional(z.string()),
  'user-agent': z.optional(z.string()),
  'accept-language': z.optional(z.string()),
  'accept-encoding': z.optional(z.string()),
})
type BrowserHeaders = z.infer<typeof browserHeaders>

const page = { description: 'The page.', type: 'text/html; charset=utf-8' }
const outOfSequence = z.strictObject({ ...problem.shape, ...checkpointAnswer.shape })

export const challengeRoutes = (challenge: ChallengeDeps): Route[] => [
  openRoute('person', {
    method: 'GET',
    path: '/challenge/:key',
    summary: 'The checkpoint: as a whole page, or framed by one of the organisation’s own pages',
    tag: 'Checkpoint',
    // Any text: a link that was cut off, mangled or made up opens nothing, and a person reads why.
    request: { ...nothing, params: z.strictObject({ key: z.string() }), headers: browserHeaders },
    answers: {
      200: page,
      403: {
        description: 'To a page whose origin is not registered: a frame that says so.',
        type: page.type,
      },
      404: page,
    },
    handle: async ({ params, headers, address }) => {
      const session = await findByKey(challenge.deps, params.key)
      if (session === null) return missing(challenge, headers, address)
      refuseIfLimited(await challenge.limits.takePage(session._id))
      return renderPage(challenge, session, { status: 200, error: null, headers })
    },
  }),
  openedRoute(challenge),
  ...submits.map((fields) => submitRoute(challenge, fields)),
]

/** Refusals would show up in the host page's console, and nothing hangs on this call: what can't be noted is left out. */
const openedRoute = (challenge: ChallengeDeps): Route =>
  openRoute('person', {
    method: 'POST',
    path: '/checkpoint/opened',
    problems: ['not_found'],
    summary: 'The page’s script runs and is visible: the first sign that the question was on a screen',
    tag: 'Checkpoint',
    request: {
      ...nothing,
      headers: browserHeaders,
      body: z.strictObject({ session: sessionKey, step_token: text(128) }),
    },
    whenLost: repeatIsSafe,
    answers: { 204: { description: 'Noted, or known before.', empty: true } },
    handle: async ({ body, address }) => {
      const known = await findByKey(challenge.deps, body.session)
      if (known === null) {
        refuseIfLimited(await challenge.limits.takeUnknownSession(address))
        throw linkOpensNothing()
      }
      const allowance = await challenge.limits.takePage(known._id)
      if (allowance.ok) await noteOpened(challenge.deps, body.session, body.step_token)
      return { status: 204, body: null }
    },
  })

const submitRoute = (challenge: ChallengeDeps, taken: (typeof submits)[number]): Route => {
  const { action: literal, ...fields } = taken.shape
  const [action] = literal.def.values
  return openRoute('person', {
    method: 'POST',
    path: `/checkpoint/${action}`,
    problems: ['not_found', 'out_of_sequence'],
    summary: `Submit: ${action}`,
    tag: 'Checkpoint',
    accepts: ['json', 'form'],
    request: {
      ...nothing,
      headers: browserHeaders,
      body: z.strictObject({ session: sessionKey, step_token: text(128), ...fields }),
    },
    whenLost: repeatIsSafe,
    answers: {
      200: { description: 'The next screen.', schema: checkpointAnswer },
      303: { description: 'To a form: the page shows the next screen.', empty: true },
      404: {
        description: 'The link opens nothing: a page to a form, a problem to a program.',
        schema: problem,
        json: 'application/problem+json',
        type: page.type,
      },
      409: {
        description: 'The session is at another step; `view` shows it.',
        schema: outOfSequence,
        json: 'application/problem+json',
        type: page.type,
      },
    },
    handle: async ({ body, body_kind, headers, address, request_id }) => {
      const { session: key, step_token, ...answered } = body
      const known = await findByKey(challenge.deps, key)
      if (known === null) {
        if (body_kind === 'form') return missing(challenge, headers, address)
        refuseIfLimited(await challenge.limits.takeUnknownSession(address))
        throw linkOpensNothing()
      }
      refuseIfLimited(await challenge.limits.takePage(known._id))
      const submitted = submit.parse({ ...answered, action })
      const taken = await answer(challenge.deps, key, step_token, submitted, headers['user-agent'] ?? null)
      if (!taken.ok) throw taken.reason === 'busy' ? busyRefused(taken) : linkOpensNothing()
      const { session, error } = taken
      return body_kind === 'form'
        ? answerForm(challenge, session, { key, error, headers })
        : answerScript(challenge, session, { error, headers, request_id })
    },
  })
}

const linkOpensNothing = () =>
  new AppError('not_found', 'This link opens nothing. Start again where you came from.')

const answerForm = (
  challenge: ChallengeDeps,
  session: Session,
  context: { key: string; error: StepError | null; headers: BrowserHeaders },
): Promise<RouteAnswer> | RouteAnswer =>
  context.error === 'out_of_sequence'
    ? renderPage(challenge, session, { status: 409, error: context.error, headers: context.headers })
    : { status: 303, body: null, headers: { Location: `/challenge/${context.key}` } }

const answerScript = async (
  challenge: ChallengeDeps,
  session: Session,
  context: { error: StepError | null; headers: BrowserHeaders; request_id: string },
): Promise<RouteAnswer> => {
  const { view } = await show(challenge.deps, session, context.error)
  const isOwnScript = context.headers['sec-fetch-site'] === 'same-origin'
  if (context.error !== 'out_of_sequence' || isOwnScript) return { status: 200, body: { view } }
  const { status, title } = problemTable.out_of_sequence
  return {
    status,
    body: {
      type: 'urn:ase:problem:out_of_sequence',
      title,
      status,
      code: 'out_of_sequence',
      detail: 'The session is at the step that `view` shows. Answer that one, with its step_token.',
      request_id: context.request_id,
      view,
    },
  }
}

const takesGzip = ({ 'accept-encoding': accepted = '' }: BrowserHeaders): boolean =>
  /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/i.test(accepted)

const renderPage = async (
  { deps, frame }: ChallengeDeps,
  session: Session,
  context: { status: number; error: StepError | null; headers: BrowserHeaders },
): Promise<RouteAnswer> => {
  const { view, organisation } = await show(deps, session, context.error)
  const nonce = deps.random(18).toString('base64')
  const stranger = unregisteredParent(context.headers, organisation, deps.config.checkpointOrigin)
  if (stranger !== null) {
    deps.log.warn(
      { org: organisation._id, origin: stranger },
      'a page of an unregistered origin opens checkpoints',
    )
    return {
      status: 403,
      body: renderUnregisteredParentPage({ nonce, language: languageOf(view.language) }),
      headerTable: challengeHeaders({ nonce, frameAncestors: [stranger] }),
    }
  }
  const dest = context.headers['sec-fetch-dest']
  // `object`, `embed` and whatever comes next hold a page too, and nobody needs them to: only our loader's frame may.
  const frameAncestors = dest === undefined || dest === 'iframe' ? organisation.origins : []
  const framed = dest !== undefined && dest !== 'document'
  const { script, code } = frame(view.language)
  // The question in a frame waits for its script: it comes with the page, so that a first click waits for one request.
  const carried = framed && context.status === 200 && takesGzip(context.headers) ? code : undefined
  const html = renderChallengePage({
    view,
    nonce,
    framed,
    frameScript: carried === undefined ? { path: script } : { code: carried },
    allowedParents: organisation.origins,
  })
  return {
    status: context.status,
    body: carried === undefined ? html : gzipAround(html, [styles, carried]),
    headers: carried === undefined ? {} : { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' },
    headerTable: challengeHeaders({ nonce, frameAncestors }),
  }
}

/** Unknown, cut off and long gone look the same, and cost the one who tries them their allowance. */
const missing = async (
  { deps, limits }: ChallengeDeps,
  headers: BrowserHeaders,
  address: string,
): Promise<RouteAnswer> => {
  refuseIfLimited(await limits.takeUnknownSession(address))
  const nonce = deps.random(18).toString('base64')
  return {
    status: 404,
    body: renderMissingPage({
      nonce,
      language: languageOf(...acceptedLanguages(headers['accept-language'])),
    }),
    headerTable: challengeHeaders({ nonce, frameAncestors: [] }),
  }
}
