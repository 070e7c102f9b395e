import { readFileSync } from 'node:fs'
import * as z from 'zod/mini'
import { mistakeWords } from '#contract/mistake'
import { mailboxAddress, text } from '#contract/text'
import { verifyTrail } from '../audit/verify.ts'
import { type Scope, scope } from '../org/api-key.ts'
import { type AccountRefusal, createAdminAccount } from '../org/create-admin-account.ts'
import { type Organisation, organisationDocument } from '../org/organisation.ts'
import {
  organisationDefaults,
  provisionApiKey,
  provisionOrganisation,
  setSecurityContact,
} from '../org/provision.ts'
import { revokeApiKey } from '../org/revoke-api-key.ts'
import { contactCommand, hasSecurityContact } from '../org/security-contact.ts'
import { holdoutShareMax } from '../risk/holdout.ts'
import { isTimeZone } from '../session/region.ts'
import { actionCommands } from './action-commands.ts'
import {
  type Command,
  given,
  knownOrganisation,
  listed,
  needed,
  type Tools,
  UsageError,
  type Values,
} from './command.ts'
import { policyCommands } from './policy-commands.ts'
import { trailCommands } from './trail-commands.ts'

/** BCP 47, in its canonical spelling: one language has one name in the store. */
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
  if (!facts.success) {
    const [issue] = facts.error.issues
    const field = String(issue?.path[0] ?? '')
    throw new UsageError(`--${optionOf[field] ?? field.replace('_', '-')}: ${issue?.message}`)
  }
  const organisation = await provisionOrganisation(tools, facts.data)
  console.log(describeOrganisation(organisation, tools))
  if (!hasSecurityContact(organisation))
    console.error(
      `warning: nobody is told when an incident opens. Name somebody: ${contactCommand(organisation._id)}`,
    )
}

const nameContact = async (values: Values, tools: Tools): Promise<void> => {
  const id = needed(values, 'id')
  const email = mailboxAddress.safeParse(needed(values, 'security-email'))
  if (!email.success)
    throw new UsageError('--security-email: must be a plain address such as security@bank.example')
  const organisation = await setSecurityContact(tools, id, email.data)
  if (organisation === null)
    throw new UsageError(`--id: there is no ${id} in ${tools.storeName}; org create makes one`)
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
  ].join('\n')
}

const createKey = async (values: Values, tools: Tools): Promise<void> => {
  const { _id: org } = await knownOrganisation(values, tools)
  const env = needed(values, 'env')
  if (env !== 'live' && env !== 'test') throw new UsageError('--env must be live or test')
  const wanted = listed(values, 'scope')
  const unknown = wanted.find((one) => !scope.safeParse(one).success)
  if (unknown !== undefined)
    throw new UsageError(`--scope: there is no ${unknown}; there are ${scope.options.join(', ')}`)
  const scopes: Scope[] = scope.options.filter((one) => wanted.includes(one))
  const { secret_key, document } = await provisionApiKey(tools, {
    org_id: org,
    env,
    name: given(values, 'name') ?? 'Backend',
    ...(scopes.length === 0 ? {} : { scopes }),
  })
  console.log(secret_key)
  console.error(`(key id ${document._id}; the key is shown this once)`)
}

const revokeKey = async (values: Values, tools: Tools): Promise<void> => {
  const id = needed(values, 'id')
  const revoked = await revokeApiKey(tools, id)
  if (!revoked.ok)
    throw new UsageError(
      revoked.reason === 'unknown_key'
        ? `--id: there is no key ${id} in ${tools.storeName}; the id is its third part`
        : 'the key was changed by somebody else at this moment; run it again',
    )
  console.log(revoked.was_before ? `${id} was revoked before` : `${id} is revoked`)
}

const passwordBytes = 12

const accountRefusals: Record<AccountRefusal, string> = {
  not_an_address: 'must be a plain address such as ana@bank.example',
  duplicate: 'has an account already',
  password_too_short: 'the password is too short',
  password_too_long: 'the password is too long',
}

const createAdmin = async (values: Values, tools: Tools): Promise<void> => {
  const { _id: org } = await knownOrganisation(values, tools)
  const password = tools.random(passwordBytes).toString('base64url')
  const email = needed(values, 'email')
  const created = await createAdminAccount(tools, { org_id: org, email, password, role: 'analyst' })
  if (!created.ok) throw new UsageError(`--email: ${accountRefusals[created.reason]}`)
  console.log(`${created.account.email}\n${password}`)
  console.error('(the password is shown this once)')
}

const trail = z.object({
  entries: z.array(z.unknown()),
  head: z.nullable(z.object({ seq: z.number(), hash: z.string() })),
})

const readJson = (file: string): unknown => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch (fault) {
    throw new UsageError(
      fault instanceof SyntaxError ? `${file}: not JSON` : `${file}: can't be read; is the name right?`,
    )
  }
}

const verifyAudit = async (values: Values): Promise<void> => {
  const file = needed(values, 'file')
  const read = trail.safeParse(readJson(file))
  if (!read.success) throw new UsageError(`${file}: not what GET /audit?session=… answers, nor trail --json`)
  const verdict = verifyTrail(read.data.entries, read.data.head)
  if (!verdict.ok) throw new UsageError(`${file}: ${verdict.fault} at entry ${verdict.seq}`)
  console.log(`${file}: ${verdict.length} entries, unbroken`)
}

/** Every command, by the words that call it. */
export const commands: Record<string, Command> = {
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
    ],
    run: createOrganisation,
  },
  'org contact': { needsStore: true, options: ['id', 'security-email'], run: nameContact },
  'key create': { needsStore: true, options: ['org', 'env', 'name', 'scope'], run: createKey },
  'key revoke': { needsStore: true, options: ['id'], run: revokeKey },
  'admin create': { needsStore: true, options: ['org', 'email'], run: createAdmin },
  ...policyCommands,
  ...actionCommands,
  ...trailCommands,
  'audit verify': { needsStore: false, options: ['file'], run: verifyAudit },
}
