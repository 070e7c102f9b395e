import { cancelBacktest, keptMax, requestBacktest } from '../../backend/analytics/request-backtest.ts'
import type { Deps } from '../../backend/deps.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import type { Policy } from '../../backend/risk/policy.ts'
import { openOrganisation, type World } from '../support/world.ts'

/** A tenant that keeps as much as it may: versions as large as a policy may be, and every backtest that there is room for. */

const versions = 30

/** Some 700 kB. */
const large: Policy = {
  ...defaultPolicy,
  lists: Object.fromEntries(
    Array.from({ length: 4 }, (_, list) => [
      `list_${list}`,
      Array.from({ length: 1_000 }, (_, entry) => `${list}-${entry}-${'x'.repeat(180)}`),
    ]),
  ),
}

/** Answers the tenant's key. */
export const openLoudTenant = async (world: World): Promise<string> => {
  const { deps } = world
  const tenant = await openOrganisation(world)
  for (let number = 1; number <= versions; number += 1) await putVersion(deps, tenant.id, number)
  const asking = { org_id: tenant.id, environment: 'live' } as const
  const command = {
    policy: { version: 'pol_1' },
    against: 'live',
    live: 'pol_2',
    from: 0,
    to: 1,
    asked_by: 'bench',
  } as const
  for (let kept = 0; kept < keptMax; kept += 1) {
    const asked = await requestBacktest(deps, asking, command)
    if (!asked.ok) throw new Error(asked.reason)
    await cancelBacktest(deps, asking, asked.backtest._id)
  }
  return tenant.key
}

const putVersion = async (deps: Deps, orgId: string, number: number): Promise<void> => {
  await deps.collections.policies.insert({
    _id: `pol_${number}`,
    org_id: orgId,
    version: 1,
    purge_at: null,
    number,
    base: defaultPolicy.version,
    policy: { ...large, version: `pol_${number}` },
    note: 'a list of mules',
    author: 'bench',
    created_at: deps.clock(),
    published_at: { live: null, test: null },
    history: [],
    claimed_at: null,
  })
}
