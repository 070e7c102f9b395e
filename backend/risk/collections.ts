import { trailDue } from '../audit/collection.ts'
import { defineCollection } from '../store/define-collection.ts'
import type { Opened } from '../store/port.ts'
import { labelUpgrades, payeeUpgrades, profileUpgrades, taughtUpgrades } from '../upgrades/risk-upgrades.ts'
import { activityDocument } from './activity-document.ts'
import { labelDocument } from './labels/label-document.ts'
import { payeeDocument } from './payee-document.ts'
import { profileDocument } from './profile-document.ts'
import { taughtDocument } from './taught-document.ts'

export const riskCollections = {
  profiles: defineCollection('profiles', profileDocument, [], profileUpgrades),
  payees: defineCollection('payees', payeeDocument, [], payeeUpgrades),
  labels: defineCollection(
    'labels',
    labelDocument,
    [
      { name: 'changed', scope: 'org', values: (document) => [document.environment, document.changed_at] },
      trailDue,
    ],
    labelUpgrades,
  ),
  taught: defineCollection('taught', taughtDocument, [], taughtUpgrades),
  activity: defineCollection('activity', activityDocument),
} as const
export type RiskCollections = Opened<typeof riskCollections>
