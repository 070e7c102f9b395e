import { dayMs } from '#contract/durations'
import type { Deps } from './deps.ts'
import type { Scope } from './org/api-key.ts'
import { historyKeyDays } from './org/key-terms.ts'
import { ensureAdminAccount, provisionApiKey, provisionOrganisation } from './org/provision.ts'

/**
 * What `npm start` needs to show everything: one organisation, a test key, a key for history alone, one analyst. Keys and
 * password derive from the master key, so that a second start finds the same ones and none of them is stored. The history
 * key ends as every such key does: it is another one each day.
 */

const demoOrganisationId = 'org_harbour'

export type DemoFacts = {
  org_id: string
  secret_key: string
  history_key: string
  admin: { email: string; password: string }
}

export const provisionDemo = async (deps: Deps): Promise<DemoFacts> => {
  const bank = `http://localhost:${deps.config.demoPort}`
  const facts = {
    _id: demoOrganisationId,
    name: 'Harbour Bank',
    support_phone: '+44 20 7946 0123',
    support_url: null,
    security_email: 'security@harbour.example',
    origins: [bank],
    return_urls: [`${bank}/`],
    language: 'en-GB',
    time_zone: 'Europe/London',
  }
  const exists = (await deps.collections.organisations.get(facts._id, facts._id)) !== null
  // Whoever tries the switch on the desk finds it again where they left it.
  const bankMade = await provisionOrganisation(deps, facts, exists ? undefined : 'enforce')
  if (!bankMade.ok) throw new Error('the demo’s bank is being changed by somebody else; start again')
  const secret_key = await derivedKey(deps, 'key', 'Demo bank', [
    'events:write',
    'decisions:verify',
    'results:write',
    'sessions:read',
    'audit:read',
  ])
  const history_key = await historyKey(deps)
  const admin = {
    email: 'analyst@harbour.example',
    password: deps.secrets.derive('demo/password', 12).toString('base64url'),
  }
  await ensureAdminAccount(deps, { org_id: demoOrganisationId, ...admin })
  return { org_id: demoOrganisationId, secret_key, history_key, admin }
}

const historyKey = (deps: Deps): Promise<string> => {
  const today = Math.floor(deps.clock() / dayMs)
  const end = (today + historyKeyDays.most) * dayMs
  return derivedKey(deps, `history-key/${today}`, 'Demo bank, its history', ['history:write'], end)
}

const derivedKey = async (
  deps: Deps,
  label: string,
  name: string,
  scopes: readonly Scope[],
  expires_at: number | null = null,
): Promise<string> => {
  let drawn = 0
  const random = (bytes: number): Buffer => deps.secrets.derive(`demo/${label}/${drawn++}`, bytes)
  const wanted = { org_id: demoOrganisationId, env: 'test', name, scopes, expires_at } as const
  return (await provisionApiKey({ ...deps, random }, wanted)).secret_key
}
