import { type AuditCollections, trailDue } from '../audit/collection.ts'
import { defineCollection } from '../store/define-collection.ts'
import type { Opened } from '../store/port.ts'
import { adminAccountUpgrades, apiKeyUpgrades, organisationUpgrades } from '../upgrades/org-upgrades.ts'
import { adminAccountDocument, adminLoginDocument } from './admin-account.ts'
import { apiKeyDocument } from './api-key.ts'
import { organisationDocument } from './organisation.ts'

export const orgCollections = {
  organisations: defineCollection(
    'organisations',
    organisationDocument,
    [
      { name: 'all', scope: 'global', values: () => ['organisation'] },
      trailDue,
      {
        name: 'mail_due',
        scope: 'global',
        values: ({ enforcement: { mail_due } }) => [
          mail_due.length === 0 ? null : Math.min(...mail_due.map(({ due_at }) => due_at)),
        ],
      },
    ],
    organisationUpgrades,
  ),
  apiKeys: defineCollection(
    'api_keys',
    apiKeyDocument,
    [
      { name: 'key_id', scope: 'global', values: (key) => [key._id] },
      { name: 'usable', scope: 'org', values: (key) => [key.revoked_at === null ? key.env : null] },
      trailDue,
    ],
    apiKeyUpgrades,
  ),
  adminAccounts: defineCollection(
    'admin_accounts',
    adminAccountDocument,
    [{ name: 'email', scope: 'global', values: (account) => [account.email] }, trailDue],
    adminAccountUpgrades,
  ),
  adminLogins: defineCollection('admin_logins', adminLoginDocument, [
    { name: 'token', scope: 'global', values: (login) => [login._id] },
  ]),
} as const

/** Where organisations are kept, with the trail that every change of theirs is recorded in. */
export type OrgStore = { collections: Opened<typeof orgCollections> & AuditCollections }
