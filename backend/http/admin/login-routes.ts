import * as z from 'zod/mini'
import type { Environment } from '#contract/environment'
import { loginAnswer, type Me, me } from '#contract/login'
import type { Deps } from '../../deps.ts'
import { AppError, busy } from '../../errors.ts'
import { canonicalEmail, loginEndsAt, passwordMaxLength } from '../../org/admin-account.ts'
import { contactCommand, hasSecurityContact } from '../../org/security-contact.ts'
import { type AdminRoute, analystRoute, nothing, openRoute } from './admin-route.ts'
import { deviceOf, issueDeviceCookie } from './device-cookie.ts'
import { clearCookie, setCookie } from './login-cookie.ts'
import { takeLoginTurn } from './login-limits.ts'
import { type Analyst, beginLogin, endLogin, findAccount, findAnalyst } from './logins.ts'

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

const meOf = async (deps: Deps, { account, login }: Analyst): Promise<Me> => {
  const organisation = await deps.collections.organisations.get(account.org_id, account.org_id)
  if (organisation === null) throw new Error(`account ${account._id} has no organisation`)
  return {
    email: account.email,
    role: account.role,
    organisation: {
      id: organisation._id,
      name: organisation.name,
      name_contact: hasSecurityContact(organisation) ? null : contactCommand(organisation._id),
    },
    begin_with: await beginWith(deps, account.org_id),
    idle_ends_at: loginEndsAt(login),
    expires_at: login.expires_at,
  }
}

/** One sentence for every refusal: nobody learns which addresses have an account (OWASP ASVS 5.0, 6.3.8). */
const wrongCredentials = () =>
  new AppError('unauthenticated', 'Address or password is wrong. Check both and try again.')

const logIn = openRoute({
  method: 'POST',
  path: '/api/login',
  request: { ...nothing, body: credentials },
  answer: loginAnswer,
  handle: async (call, deps) => {
    const email = canonicalEmail(call.body.email)
    const account = await findAccount(deps, email)
    const device = deviceOf(deps, { email, account, cookies: call.cookies })
    const attempt = { email, address: call.address, device, ticket: call.body.ticket ?? null }
    const turn = await takeLoginTurn(deps, attempt)
    // Not judged yet. The same for an address that has no account: it is guessed at like any other.
    if (turn.kind === 'wait') {
      const { ticket, seconds } = turn
      return { status: 202, body: { ticket, wait_seconds: seconds }, retryAfterSeconds: seconds }
    }
    const begun = await beginLogin(deps, account, call.body.password)
    if (!begun.ok) {
      call.log.warn({ account: begun.account_id, reason: begun.reason }, 'analyst login refused')
      throw wrongCredentials()
    }
    await turn.giveBack()
    // A login that this browser had before ends here: a cookie that somebody planted must not live on.
    const former = await findAnalyst(deps, call.token)
    if (former !== null) await endLogin(deps, former.login)
    call.log.info(
      { account: begun.analyst.account._id, org: begun.analyst.account.org_id },
      'analyst logged in',
    )
    const cookies = [setCookie(deps.config, begun.token), issueDeviceCookie(deps, begun.analyst.account)]
    return { status: 200, body: await meOf(deps, begun.analyst), cookies }
  },
})

const logOut = (closeStreams: (loginId: string) => void): AdminRoute =>
  openRoute({
    method: 'POST',
    path: '/api/logout',
    request: nothing,
    answer: null,
    handle: async (call, deps) => {
      const analyst = await findAnalyst(deps, call.token)
      if (analyst !== null) {
        if (!(await endLogin(deps, analyst.login))) throw busy('Too many requests at once. Log out again.')
        closeStreams(analyst.login._id)
        call.log.info({ account: analyst.account._id, org: analyst.account.org_id }, 'analyst logged out')
      }
      // The device cookie stays: it knows the browser, not the person at it.
      return { status: 204, body: null, cookies: [clearCookie(deps.config)] }
    },
  })

const whoAmI = analystRoute({
  method: 'GET',
  path: '/api/me',
  request: nothing,
  answer: me,
  handle: async (call, deps) => ({ status: 200, body: await meOf(deps, call.analyst) }),
})

/** Logging in, logging out, and who one is. `closeStreams` ends the live connections of a login on this instance. */
export const loginRoutes = (closeStreams: (loginId: string) => void): readonly AdminRoute[] => [
  logIn,
  logOut(closeStreams),
  whoAmI,
]
