import type { Organisation } from './organisation.ts'

/** Whom an organisation wants told of incidents. If it names nobody, incidents open in silence, so we warn about that. */

export const hasSecurityContact = ({ security_email }: Pick<Organisation, 'security_email'>): boolean =>
  security_email !== null

/** The command that names a contact, ready to be copied. */
export const contactCommand = (orgId: string): string =>
  `npm run ase -- org contact --id ${orgId} --security-email security@your-company.example`
