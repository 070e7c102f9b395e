import type { OrgStore } from './collections.ts'
import type { Organisation } from './organisation.ts'

/** Whom an organisation wants told of incidents. If it names nobody, incidents open in silence, so we warn about that. */

export const hasSecurityContact = ({ security_email }: Pick<Organisation, 'security_email'>): boolean =>
  security_email !== null

/** The command that names a contact, ready to be copied. */
export const contactCommand = (orgId: string): string =>
  `npm run ase -- org contact --id ${orgId} --security-email security@your-company.example`

const pageSize = 200
/** The log names at most this many. */
const namedMost = 20

/** The organisations without a contact: how many, and the ids of the first. Read at start. */
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
