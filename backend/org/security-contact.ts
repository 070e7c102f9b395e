import type { OrgStore } from './collections.ts'
import type { Organisation } from './organisation.ts'

/** Whom an organisation has told us to tell of incidents; without anybody they open in silence, so that is said aloud. */

export const hasSecurityContact = ({ security_email }: Pick<Organisation, 'security_email'>): boolean =>
  security_email !== null

/** The command that names somebody, ready to be copied. */
export const contactCommand = (orgId: string): string =>
  `npm run ase -- org contact --id ${orgId} --security-email security@your-company.example`

const pageSize = 200
/** More would fill the log, and say nothing new. */
const namedMost = 20

/** Who has nobody to tell, by id, and how many they are. Read at start. */
export const withoutSecurityContact = async ({
  collections,
}: OrgStore): Promise<{ named: string[]; count: number }> => {
  const named: string[] = []
  let count = 0
  let last: Organisation | undefined
  for (;;) {
    const page: Organisation[] = await collections.organisations.find({
      index: 'all',
      equals: ['organisation'],
      limit: pageSize,
      ...(last === undefined ? {} : { after: { values: [], _id: last._id } }),
    })
    const silent = page.filter((organisation) => !hasSecurityContact(organisation))
    count += silent.length
    named.push(...silent.slice(0, namedMost - named.length).map(({ _id }) => _id))
    last = page.at(-1)
    if (page.length < pageSize) return { named, count }
  }
}
