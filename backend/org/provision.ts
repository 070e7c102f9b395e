import type { EnforcementMode } from '#contract/enforcement'
import type { Environment } from '#contract/environment'
import { byOperator } from '../audit/actors.ts'
import { withTrail } from '../audit/organisation-trail.ts'
import type { Secrets } from '../secrets.ts'
import { type Change, changeDocument } from '../store/change.ts'
import type { World } from '../world.ts'
import { canonicalEmail } from './admin-account.ts'
import { type ApiKeyDocument, mintApiKey, type Scope } from './api-key.ts'
import type { OrgStore } from './collections.ts'
import { createAdminAccount } from './create-admin-account.ts'
import { newEnforcement } from './enforcement-state.ts'
import { settleTrail } from './keep-trail.ts'
import { moveEnforcement } from './move-enforcement.ts'
import type { Organisation } from './organisation.ts'
import { withFacts } from './organisation-change.ts'
import { noPointers } from './policy-pointers.ts'

type Provisioning = OrgStore & Pick<World, 'random' | 'clock'> & { secrets: Secrets }

export type OrganisationFacts = Pick<
  Organisation,
  '_id' | 'name' | 'support_phone' | 'support_url' | 'security_email' | 'origins' | 'return_urls'
> &
  Partial<Pick<Organisation, 'hold_hours' | 'language' | 'time_zone' | 'holdout_share'>>

/** The facts of a new organisation that does not name them. An existing one keeps its own. */
export const organisationDefaults = {
  hold_hours: 12,
  language: 'en',
  time_zone: null,
  holdout_share: 0,
} as const

/**
 * Creates an organisation, or brings an existing one up to these facts. Its digest key is made once and kept. `live`: whether
 * its live decisions are carried out. Left out, a new one observes, and an existing one goes on as it does.
 */
export const provisionOrganisation = async (
  deps: Provisioning,
  facts: OrganisationFacts,
  live?: EnforcementMode,
): Promise<Change<Organisation>> => {
  const ref = { _id: facts._id, org_id: facts._id }
  const fresh = (): Organisation => ({
    ...organisationDefaults,
    ...facts,
    ...ref,
    version: 0,
    purge_at: null,
    policies: { live: noPointers, test: noPointers },
    enforcement: newEnforcement(live ?? 'observe'),
    digest_key_sealed: deps.secrets.seal(`digest-key/${facts._id}`, deps.random(32)),
    created_at: deps.clock(),
    trail_due: [],
  })
  const changed = await changeDocument(deps.collections.organisations, ref, fresh, (organisation) =>
    withFacts(organisation, facts, deps.clock()),
  )
  if (!changed.ok) return changed
  const organisation = await settleTrail(deps, deps.collections.organisations, changed.doc)
  if (live === undefined) return { ok: true, doc: organisation }
  const wish = { environment: 'live', mode: live, at: deps.clock(), by: 'operator', note: null } as const
  const moved = await moveEnforcement(deps, facts._id, wish)
  return moved.ok ? { ok: true, doc: moved.organisation } : { ok: false, reason: 'busy' }
}

/** Changes the facts that `change` answers and leaves every other as it is. */
export const changeOrganisation = async (
  deps: OrgStore & Pick<World, 'clock'>,
  orgId: string,
  change: (
    stored: Organisation,
  ) => Partial<Omit<OrganisationFacts, '_id'> & Pick<Organisation, 'enforcement'>>,
): Promise<Change<Organisation, 'busy' | 'unknown'>> => {
  const { organisations } = deps.collections
  const changed = await changeDocument(
    organisations,
    { _id: orgId, org_id: orgId },
    () => null,
    (organisation) => withFacts(organisation, change(organisation), deps.clock()),
  )
  if (!changed.ok) return changed
  return { ok: true, doc: await settleTrail(deps, organisations, changed.doc) }
}

/** Makes a key and stores its digest. The text of the key is answered once and stored nowhere. */
export const provisionApiKey = async (
  deps: Provisioning,
  wanted: {
    org_id: string
    env: Environment
    name: string
    scopes?: readonly Scope[]
    expires_at?: number | null
  },
): Promise<{ secret_key: string; document: ApiKeyDocument }> => {
  const minted = mintApiKey(deps.random, { ...wanted, created_at: deps.clock() })
  const { _id: key, env, scopes, expires_at } = minted.document
  const meta = { key, environment: env, scopes, expires_at }
  const recorded = withTrail(minted.document, byOperator('key.created', meta), deps.clock())
  const inserted = await deps.collections.apiKeys.insert(recorded)
  // The demo derives the same key at every start, so it may exist already.
  if (!inserted.ok) return minted
  return { ...minted, document: await settleTrail(deps, deps.collections.apiKeys, inserted.doc) }
}

/** Makes an analyst's account if there is none with this address; an existing one keeps its password. */
export const ensureAdminAccount = async (
  deps: Provisioning,
  wanted: { org_id: string; email: string; password: string },
): Promise<void> => {
  const [existing] = await deps.collections.adminAccounts.find({
    index: 'email',
    equals: [canonicalEmail(wanted.email)],
    limit: 1,
  })
  if (existing === undefined) await createAdminAccount(deps, { ...wanted, role: 'owner' })
}
