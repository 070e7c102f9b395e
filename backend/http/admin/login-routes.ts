import * as z from 'zod/mini'
import type { Deps } from '../../deps.ts'
import { AppError, busy } from '../../errors.ts'
import { canonicalEmail, loginEndsAt, passwordMaxLength } from '../../org/admin-account.ts'
import { contactCommand, hasSecurityContact } from '../../org/security-contact.ts'
import { type AdminRoute, analystRoute, nothing, openRoute } from './admin-route.ts'
import { clearCookie, setCookie } from './login-cookie.ts'
import { reserveLogin } from './login-limits.ts'
import { type Analyst, beginLogin, endLogin, findAnalyst } from './logins.ts'
import { type Environment, type Me, me } from './shapes.ts'

const credentials = z.strictObject({
  email: z.string().check(z.minLength(1), z.maxLength(254)),
  password: z.string().check(z.minLength(1), z.maxLength(passwordMaxLength)),
})

const hasSessions = async (deps: Deps, orgId: string, environment: Environment): Promise<boolean> => {
  const query = { index: 'created', org_id: orgId, equals: [environment], limit: 1 }
  return (await deps.collections.sessions.findLines(query)).length > 0
}

/** Test only for an organisation that has nothing but rehearsals so far. */
const beginWith = async (deps: Deps, orgId: string): Promise<Environment> =>
  !(await hasSessions(deps, orgId, 'live')) && (await hasSessions(deps, orgId, 'test')) ? 'test' : 'live'

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
  answer: me,
  handle: async (call, deps) => {
    const email = canonicalEmail(call.body.email)
    const reservation = await reserveLogin(deps, { email, address: call.address })
    const begun = await beginLogin(deps, { email, password: call.body.password })
    if (!begun.ok) {
      call.log.warn({ account: begun.account_id, reason: begun.reason }, 'analyst login refused')
      throw wrongCredentials()
    }
    await reservation.giveBack()
    // A login that this browser had before ends here: a cookie that somebody planted must not live on.
    const former = await findAnalyst(deps, call.token)
    if (former !== null) await endLogin(deps, former.login)
    call.log.info(
      { account: begun.analyst.account._id, org: begun.analyst.account.org_id },
      'analyst logged in',
    )
    return { status: 200, body: await meOf(deps, begun.analyst), cookie: setCookie(deps.config, begun.token) }
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
      return { status: 204, body: null, cookie: clearCookie(deps.config) }
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
