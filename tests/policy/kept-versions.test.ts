import { expect, test } from 'vitest'
import { keepVersions } from '../../backend/policy/kept-versions.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'

const size = JSON.stringify(defaultPolicy).length

test('an organisation that reads all of its versions takes nobody else’s away', () => {
  const kept = keepVersions({ ofOrganisation: 3, bytes: 100 * size })
  kept.put('org_quiet', 'pol_1', defaultPolicy)
  for (let n = 1; n <= 50; n += 1) kept.put('org_loud', `pol_${n}`, defaultPolicy)
  expect(kept.get('org_quiet', 'pol_1')).toBe(defaultPolicy)
  const left = Array.from({ length: 50 }, (_, n) => kept.get('org_loud', `pol_${n + 1}`)).filter(Boolean)
  expect(left).toHaveLength(3)
})

test('what was asked for longest ago makes room, in bytes', () => {
  const kept = keepVersions({ ofOrganisation: 10, bytes: 2 * size })
  kept.put('org_a', 'pol_1', defaultPolicy)
  kept.put('org_b', 'pol_1', defaultPolicy)
  kept.get('org_a', 'pol_1')
  kept.put('org_c', 'pol_1', defaultPolicy)
  expect(['org_a', 'org_b', 'org_c'].map((org) => kept.get(org, 'pol_1') !== null)).toEqual([
    true,
    false,
    true,
  ])
})

test('the same version again takes no room twice', () => {
  const kept = keepVersions({ ofOrganisation: 10, bytes: 2 * size })
  for (let n = 0; n < 5; n += 1) kept.put('org_a', 'pol_1', defaultPolicy)
  kept.put('org_b', 'pol_1', defaultPolicy)
  expect([kept.get('org_a', 'pol_1'), kept.get('org_b', 'pol_1')]).toEqual([defaultPolicy, defaultPolicy])
})
