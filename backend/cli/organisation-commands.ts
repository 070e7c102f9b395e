import * as z from 'zod/mini'
import { mistakeWords } from '#contract/mistake'
import { mailboxAddress, text } from '#contract/text'
import { moveEnforcement } from '../org/move-enforcement.ts'
import { type Organisation, organisationDocument } from '../org/organisation.ts'
import { changeOrganisation, organisationDefaults, provisionOrganisation } from '../org/provision.ts'
import { contactCommand, hasSecurityContact } from '../org/security-contact.ts'
import { holdoutShareMax } from '../risk/holdout.ts'
import { isTimeZone } from '../session/region.ts'
import {
  type Command,
  given,
  givenEnforcement,
  listed,
  needed,
  neededEnvironment,
  type Tools,
  UsageError,
  type Values,
} from './command.ts'

/** Commands for organisations. `org create` states every fact; the others change only the facts that they name. */

/** BCP 47 in its canonical spelling, so that a language has one name in the store. */
const isLanguageTag = (value: string): boolean => {
  try {
    return Intl.getCanonicalLocales(value)[0] === value
  } catch {
    return false
  }
}

const shareMistake = `must be a share from 0 to ${holdoutShareMax}, for example 0.05`

const organisationFacts = z.strictObject({
  _id: z.string().check(z.regex(/^org_[a-z0-9_]{1,40}$/, { error: 'must look like org_bank' })),
  name: organisationDocument.shape.name,
  support_phone: organisationDocument.shape.support_phone,
  support_url: organisationDocument.shape.support_url,
  security_email: organisationDocument.shape.security_email,
  origins: organisationDocument.shape.origins,
  return_urls: organisationDocument.shape.return_urls,
  hold_hours: z.union([z.literal(12), z.literal(24), z.literal(72)], { error: 'must be 12, 24 or 72' }),
  language: organisationDocument.shape.language.check(
    z.refine(isLanguageTag, { error: 'must be a language tag such as en or pt-BR' }),
  ),
  time_zone: z.nullable(
    text(64).check(z.refine(isTimeZone, { error: 'must be a time zone such as Europe/Madrid' })),
  ),
  holdout_share: z
    .number({ error: shareMistake })
    .check(z.gte(0, shareMistake), z.lte(holdoutShareMax, shareMistake)),
})

const optionOf: Record<string, string> = { _id: 'id', origins: 'origin', return_urls: 'return-url' }

const mistaken = ([issue]: readonly z.core.$ZodIssue[]): UsageError => {
  const field = String(issue?.path[0] ?? '')
  return new UsageError(`--${optionOf[field] ?? field.replace('_', '-')}: ${issue?.message}`)
}

const unknownOrganisation = (id: string, { storeName }: Tools): UsageError =>
  new UsageError(`--id: there is no ${id} in ${storeName}; org create makes one`)

const notChanged = (reason: 'busy' | 'unknown', id: string, tools: Tools): UsageError =>
  reason === 'unknown'
    ? unknownOrganisation(id, tools)
    : new UsageError(`--id: ${id} is being changed by somebody else; try again`)

/** The organisation after a change that went through. */
const changedOrganisation = (
  changed: Awaited<ReturnType<typeof changeOrganisation>>,
  id: string,
  tools: Tools,
): Organisation => {
  if (changed.ok) return changed.doc
  throw notChanged(changed.reason, id, tools)
}

const createOrganisation = async (values: Values, tools: Tools): Promise<void> => {
  const wished = {
    _id: needed(values, 'id'),
    name: needed(values, 'name'),
    support_phone: given(values, 'support-phone'),
    support_url: given(values, 'support-url'),
    security_email: given(values, 'security-email'),
    origins: listed(values, 'origin'),
    return_urls: listed(values, 'return-url'),
    hold_hours: Number(given(values, 'hold-hours') ?? organisationDefaults.hold_hours),
    language: given(values, 'language') ?? organisationDefaults.language,
    time_zone: given(values, 'time-zone'),
    holdout_share: Number(given(values, 'holdout-share') ?? organisationDefaults.holdout_share),
  }
  const facts = organisationFacts.safeParse(wished, { error: mistakeWords })
  if (!facts.success) throw mistaken(facts.error.issues)
  const provisioned = await provisionOrganisation(tools, facts.data, givenEnforcement(values) ?? undefined)
  const organisation = changedOrganisation(provisioned, facts.data._id, tools)
  console.log(describeOrganisation(organisation, tools))
  if (!hasSecurityContact(organisation))
    console.error(
      `warning: nobody is told when an incident opens. Name somebody: ${contactCommand(organisation._id)}`,
    )
}

const setEnforcement = async (values: Values, tools: Tools): Promise<void> => {
  const id = needed(values, 'id')
  const mode = givenEnforcement(values)
  const two = given(values, 'two-analysts')
  if (mode === null && two === null)
    throw new UsageError('--enforcement or --two-analysts is missing; npm run ase lists the commands')
  if (two !== null && two !== 'yes' && two !== 'no') throw new UsageError('--two-analysts must be yes or no')
  const said = { by: 'operator', at: tools.clock(), note: given(values, 'note') }
  const wish = mode === null ? null : { environment: neededEnvironment(values), mode, ...said }
  if (two !== null) {
    const changed = await changeOrganisation(tools, id, ({ enforcement }) => ({
      enforcement: { ...enforcement, two_analysts: two === 'yes' },
    }))
    changedOrganisation(changed, id, tools)
  }
  if (wish !== null) {
    const moved = await moveEnforcement(tools, id, wish)
    if (!moved.ok) throw notChanged(moved.reason, id, tools)
  }
  await showOrganisation(values, tools)
}

const nameContact = async (values: Values, tools: Tools): Promise<void> => {
  const id = needed(values, 'id')
  const email = mailboxAddress.safeParse(needed(values, 'security-email'))
  if (!email.success)
    throw new UsageError('--security-email: must be a plain address such as security@bank.example')
  const changed = await changeOrganisation(tools, id, () => ({ security_email: email.data }))
  const organisation = changedOrganisation(changed, id, tools)
  console.log(`${id}: incidents go to ${organisation.security_email}`)
}

const describeOrganisation = (organisation: Organisation, { storeName }: Tools): string => {
  const support = [organisation.support_phone, organisation.support_url].filter((one) => one !== null)
  return [
    `${organisation._id} · ${organisation.name} · in ${storeName}`,
    `  framed by        ${organisation.origins.join(', ') || 'nobody'}`,
    `  sends people to  ${organisation.return_urls.join(', ') || 'nowhere'}`,
    `  support          ${support.join(', ') || 'none shown'}`,
    `  incidents go to  ${organisation.security_email ?? 'nobody'}`,
    `  a hold lasts     ${organisation.hold_hours} hours at first`,
    `  language         ${organisation.language}`,
    `  time zone        ${organisation.time_zone ?? 'UTC'}, for people whose own is not known`,
    `  held out         ${organisation.holdout_share === 0 ? 'nobody' : `${organisation.holdout_share * 100} % of its users, for comparison`}`,
    `  live             ${modeWords[organisation.enforcement.live.mode]}`,
    `  test             ${modeWords[organisation.enforcement.test.mode]}`,
    `  to enforce less  ${organisation.enforcement.two_analysts ? 'two analysts' : 'one analyst'}, or whoever runs the server`,
  ].join('\n')
}

const modeWords = {
  observe: 'observes: everything is allowed, and what would have been decided is written down',
  enforce: 'enforces',
} as const

const addresses = z.strictObject({
  origins: organisationFacts.shape.origins,
  return_urls: organisationFacts.shape.return_urls,
})

const allowAddresses = async (values: Values, tools: Tools): Promise<void> => {
  const id = needed(values, 'id')
  const more = { origins: listed(values, 'origin'), return_urls: listed(values, 'return-url') }
  if (more.origins.length + more.return_urls.length === 0)
    throw new UsageError('--origin or --return-url is missing; npm run ase lists the commands')
  const changed = await changeOrganisation(tools, id, (stored) => {
    const all = addresses.safeParse(
      {
        origins: [...new Set([...stored.origins, ...more.origins])],
        return_urls: [...new Set([...stored.return_urls, ...more.return_urls])],
      },
      { error: mistakeWords },
    )
    if (!all.success) throw mistaken(all.error.issues)
    return all.data
  })
  console.log(describeOrganisation(changedOrganisation(changed, id, tools), tools))
}

const showOrganisation = async (values: Values, tools: Tools): Promise<void> => {
  const id = needed(values, 'id')
  const organisation = await tools.collections.organisations.get(id, id)
  if (organisation === null) throw unknownOrganisation(id, tools)
  console.log(describeOrganisation(organisation, tools))
}

export const organisationCommands: Record<string, Command> = {
  'org create': {
    needsStore: true,
    options: [
      'id',
      'name',
      'origin',
      'return-url',
      'support-phone',
      'support-url',
      'security-email',
      'hold-hours',
      'language',
      'time-zone',
      'holdout-share',
      'enforcement',
    ],
    run: createOrganisation,
  },
  'org show': { needsStore: true, options: ['id'], run: showOrganisation },
  'org allow': { needsStore: true, options: ['id', 'origin', 'return-url'], run: allowAddresses },
  'org enforcement': {
    needsStore: true,
    options: ['id', 'env', 'enforcement', 'two-analysts', 'note'],
    run: setEnforcement,
  },
  'org contact': { needsStore: true, options: ['id', 'security-email'], run: nameContact },
}
