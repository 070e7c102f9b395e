import * as z from 'zod/mini'
import type { Environment } from '#contract/environment'
import { loginWait, type Me, me } from '#contract/login'
import type { Deps } from '../deps.ts'
import { canonicalEmail, loginEndsAt, passwordMaxLength } from '../org/admin-account.ts'
import type { Organisation } from '../org/organisation.ts'
import { contactCommand, hasSecurityContact } from '../org/security-contact.ts'
import { findPolicy } from '../policy/load.ts'
import { organisationOf } from '../repositories/organisations.ts'
import { enforcedExtent } from '../risk/enforcement.ts'
import { deviceOf, issueDeviceCookie } from './admin/device-cookie.ts'
import { clearCookie, readCookie, setCookie } from './admin/login-cookie.ts'
import { takeLoginTurn } from './admin/login-limits.ts'
import { type Analyst, beginLogin, endLogin, findAccount, findAnalyst } from './admin/logins.ts'
import { AppError, busy } from './app-error.ts'
import { repeatIsSafe } from './open-outcome.ts'
import { analystRoute, nothing, type Route, visitorRoute } from './route.ts'

const credentials = z.strictObject({
  email: z.string().check(z.minLength(1), z.maxLength(254)),
  password: z.string().check(z.minLength(1), z.maxLength(passwordMaxLength)),
  /** From an answer that said to wait. */
  ticket: z.optional(z.string().check(z.maxLength(128))),
})

const hasSessions = async (deps: Deps, orgId: string, environment: Environment): Promise<boolean> => {
  const query = { index: 'created', org_id: orgId, equals: [environment], limit: 1 }
  return (await deps.collections.sessions.findLines(query)).length > 0
}

const hasKey = async (deps: Deps, orgId: string, environment: Environment): Promise<boolean> => {
  const query = { index: 'usable', org_id: orgId, equals: [environment], limit: 1 }
  return (await deps.collections.apiKeys.find(query)).length > 0
}

/** Test only for an organisation that has nothing but rehearsals so far, or can have nothing else. */
const beginWith = async (deps: Deps, orgId: string): Promise<Environment> => {
  if (await hasSessions(deps, orgId, 'live')) return 'live'
  const rehearses =
    (await hasSessions(deps, orgId, 'test')) ||
    ((await hasKey(deps, orgId, 'test')) && !(await hasKey(deps, orgId, 'live')))
  return rehearses ? 'test' : 'live'
}

/** Under a live version that is gone nothing is decided at all: who is here can be said without it. */
const extentOf = async (
  deps: Deps,
  { _id, policies, enforcement }: Organisation,
  environment: Environment,
) => {
  const policy = await findPolicy(deps, _id, policies[environment].live ?? deps.policy.version)
  return policy === null ? 'all' : enforcedExtent(policy, enforcement[environment].mode)
}

const meOf = async (deps: Deps, { account, login }: Analyst): Promise<Me> => {
  const organisation = await organisationOf(deps, account)
  return {
    email: account.email,
    role: account.role,
    organisation: {
      id: organisation._id,
      name: organisation.name,
      name_contact: hasSecurityContact(organisation) ? null : contactCommand(organisation._id),
      enforced: {
        live: await extentOf(deps, organisation, 'live'),
        test: await extentOf(deps, organisation, 'test'),
      },
    },
    begin_with: await beginWith(deps, account.org_id),
    idle_ends_at: loginEndsAt(login),
    expires_at: login.expires_at,
  }
}

/** One sentence for every refusal: nobody learns which addresses have an account (OWASP ASVS 5.0, 6.3.8). */
const wrongCredentials = () =>
  new AppError('unauthenticated', 'Address or password is wrong. Check both and try again.')

const logIn = (deps: Deps): Route =>
  visitorRoute({
    method: 'POST',
    path: '/api/login',
    problems: ['unauthenticated', 'rate_limited'],
    summary: 'Log in with an address and a password; the answer sets the cookie',
    request: { ...nothing, body: credentials },
    answers: {
      200: { description: 'Logged in.', schema: me },
      202: {
        description:
          'Not judged yet: many wrong passwords were sent for this address. Come back with the ticket.',
        schema: loginWait,
      },
    },
    handle: async ({ body, address, cookies, log }) => {
      const email = canonicalEmail(body.email)
      const account = await findAccount(deps, email)
      const device = deviceOf(deps, { email, account, cookies })
      const turn = await takeLoginTurn(deps, { email, address, device, ticket: body.ticket ?? null })
      // The same for an address that has no account: it is guessed at like any other.
      if (turn.kind === 'wait') {
        const { ticket, seconds } = turn
        const headers = { 'Retry-After': String(seconds) }
        return { status: 202, body: { ticket, wait_seconds: seconds }, headers }
      }
      const begun = await beginLogin(deps, account, body.password)
      if (!begun.ok) {
        log.warn({ account: begun.account_id, reason: begun.reason }, 'analyst login refused')
        throw wrongCredentials()
      }
      await turn.giveBack()
      // A login that this browser had before ends here: a cookie that somebody planted must not live on.
      const former = await findAnalyst(deps, readCookie(deps.config, cookies))
      if (former !== null) await endLogin(deps, former.login)
      const { analyst } = begun
      log.info({ account: analyst.account._id, org: analyst.account.org_id }, 'analyst logged in')
      return {
        status: 200,
        body: await meOf(deps, analyst),
        cookies: [setCookie(deps.config, begun.token), issueDeviceCookie(deps, analyst.account)],
      }
    },
  })

const logOut = (deps: Deps, closeStreams: (loginId: string) => void): Route =>
  visitorRoute({
    method: 'POST',
    path: '/api/logout',
    summary: 'Log out; live views of this login end',
    request: nothing,
    whenLost: repeatIsSafe,
    answers: { 204: { description: 'The cookie opens nothing any more.', empty: true } },
    handle: async ({ cookies, log }) => {
      const analyst = await findAnalyst(deps, readCookie(deps.config, cookies))
      if (analyst !== null) {
        if (!(await endLogin(deps, analyst.login))) throw busy('Too many requests at once. Log out again.')
        closeStreams(analyst.login._id)
        log.info({ account: analyst.account._id, org: analyst.account.org_id }, 'analyst logged out')
      }
      // The device cookie stays: it knows the browser, not the person at it.
      return { status: 204, body: null, cookies: [clearCookie(deps.config)] }
    },
  })

const whoAmI = (deps: Deps): Route =>
  analystRoute({
    method: 'GET',
    path: '/api/me',
    summary: 'Who is logged in, and until when',
    request: nothing,
    answers: { 200: { description: 'The account and its organisation.', schema: me } },
    handle: async ({ caller }) => ({ status: 200, body: await meOf(deps, caller) }),
  })

/** Logging in, logging out, and who one is. `closeStreams` ends the live connections of a login on this instance. */
export const loginRoutes = (deps: Deps, closeStreams: (loginId: string) => void): Route[] => [
  logIn(deps),
  logOut(deps, closeStreams),
  whoAmI(deps),
]
