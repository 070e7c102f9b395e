import { allOrganisations } from './all-organisations.ts'
import type { OrgStore } from './collections.ts'
import type { Organisation } from './organisation.ts'
import { hasSecurityContact } from './security-contact.ts'

/** What whoever runs the server should know of organisations. */
const warnings: readonly { concerns: (organisation: Organisation) => boolean; words: string }[] = [
  // If nobody is told of incidents, nobody notices that nobody is told.
  {
    concerns: (organisation) => !hasSecurityContact(organisation),
    words: 'nobody is told when an incident opens here: npm run ase -- org contact names somebody',
  },
  {
    concerns: ({ enforcement }) => enforcement.live.mode === 'observe',
    words:
      'nothing is enforced in live here, unless a policy says so of an action: npm run ase -- org enforcement changes it',
  },
]

/** The log names at most this many. */
const namedMost = 20

export type OrganisationWarning = {
  words: string
  /** The ids of the first that it concerns. */
  organisations: string[]
  /** How many it concerns: at least one. */
  count: number
}

/** The warnings that concern an organisation. Reads all organisations, once, so only at start. */
export const organisationWarnings = async ({ collections }: OrgStore): Promise<OrganisationWarning[]> => {
  const found = warnings.map(({ concerns, words }) => {
    const warning: OrganisationWarning = { words, organisations: [], count: 0 }
    return { concerns, warning }
  })
  for await (const { rows } of allOrganisations(collections))
    for (const { concerns, warning } of found) {
      const picked = rows.filter(concerns)
      warning.count += picked.length
      const room = namedMost - warning.organisations.length
      warning.organisations.push(...picked.slice(0, room).map(({ _id }) => _id))
    }
  return found.map(({ warning }) => warning).filter(({ count }) => count > 0)
}
