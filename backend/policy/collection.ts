import type { OrgStore } from '../org/collections.ts'
import { defineCollection, withLines } from '../store/define-collection.ts'
import type { Opened } from '../store/port.ts'
import { policyVersionUpgrades } from '../upgrades/policy-upgrades.ts'
import { policyVersionDocument, policyVersionLine, policyVersionLineOf } from './document.ts'

export const policyCollections = {
  policies: withLines(
    defineCollection(
      'policies',
      policyVersionDocument,
      [{ name: 'number', scope: 'org', values: (version) => [version.number] }],
      policyVersionUpgrades,
    ),
    policyVersionLine,
    policyVersionLineOf,
  ),
} as const

/** Where versions are kept, with the organisations whose pointers name them. */
export type PolicyStore = { collections: Opened<typeof policyCollections> & OrgStore['collections'] }
