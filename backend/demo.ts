import type { Deps } from './deps.ts'
import { ensureAdminAccount, provisionApiKey, provisionOrganisation } from './org/provision.ts'

/**
 * What `npm start` needs to show everything at once: one organisation, one test key, one analyst. The key and the
 * password derive from the master key, so that a second start finds the same ones and nothing of them is stored.
 */

const demoOrganisationId = 'org_harbour'

export type DemoFacts = { org_id: string; secret_key: string; admin: { email: string; password: string } }

export const provisionDemo = async (deps: Deps): Promise<DemoFacts> => {
  const bank = `http://localhost:${deps.config.demoPort}`
  await provisionOrganisation(deps, {
    _id: demoOrganisationId,
    name: 'Harbour Bank',
    support_phone: '+44 20 7946 0123',
    support_url: null,
    security_email: 'security@harbour.example',
    origins: [bank],
    return_urls: [`${bank}/`],
  })
  let drawn = 0
  const derived = (bytes: number): Buffer => deps.secrets.derive(`demo/key/${drawn++}`, bytes)
  const { secret_key } = await provisionApiKey(
    { ...deps, random: derived },
    {
      org_id: demoOrganisationId,
      env: 'test',
      name: 'Demo bank',
      scopes: ['events:write', 'decisions:verify', 'results:write', 'sessions:read', 'audit:read'],
    },
  )
  const admin = {
    email: 'analyst@harbour.example',
    password: deps.secrets.derive('demo/password', 12).toString('base64url'),
  }
  await ensureAdminAccount(deps, { org_id: demoOrganisationId, ...admin })
  return { org_id: demoOrganisationId, secret_key, admin }
}
