import { readFileSync } from 'node:fs'
import * as z from 'zod/mini'
import { verifyTrail } from '../audit/verify.ts'
import type { Deps } from '../deps.ts'
import { type Scope, scope } from '../org/api-key.ts'
import { createAdminAccount } from '../org/create-admin-account.ts'
import { organisationDocument } from '../org/organisation.ts'
import { provisionApiKey, provisionOrganisation } from '../org/provision.ts'

/** A mistake of whoever typed the command: one sentence, no stack. */
export class UsageError extends Error {}

/** The command line after parsing: every option that was given. */
export type Values = Record<string, string | string[] | boolean | undefined>

export type Tools = Pick<Deps, 'collections' | 'secrets' | 'random' | 'clock'>

export type Command =
  | { needsStore: true; run: (values: Values, tools: Tools) => Promise<void> }
  | { needsStore: false; run: (values: Values) => Promise<void> }

const given = (values: Values, name: string): string | null => {
  const value = values[name]
  return typeof value === 'string' && value !== '' ? value : null
}

const needed = (values: Values, name: string): string => {
  const value = given(values, name)
  if (value === null) throw new UsageError(`--${name} is missing; npm run ase lists the commands`)
  return value
}

const list = (values: Values, name: string): string[] => {
  const value = values[name]
  return Array.isArray(value) ? value : []
}

const organisationFacts = z.strictObject({
  _id: z.string().check(z.regex(/^org_[a-z0-9_]{1,40}$/, { error: 'must look like org_bank' })),
  name: organisationDocument.shape.name,
  support_phone: organisationDocument.shape.support_phone,
  support_url: organisationDocument.shape.support_url,
  security_email: organisationDocument.shape.security_email,
  origins: organisationDocument.shape.origins,
  return_urls: organisationDocument.shape.return_urls,
})

const optionOf: Record<string, string> = { _id: 'id', origins: 'origin', return_urls: 'return-url' }

const createOrganisation = async (values: Values, tools: Tools): Promise<void> => {
  const facts = organisationFacts.safeParse({
    _id: needed(values, 'id'),
    name: needed(values, 'name'),
    support_phone: given(values, 'support-phone'),
    support_url: given(values, 'support-url'),
    security_email: given(values, 'security-email'),
    origins: list(values, 'origin'),
    return_urls: list(values, 'return-url'),
  })
  if (!facts.success) {
    const [issue] = facts.error.issues
    const field = String(issue?.path[0] ?? '')
    throw new UsageError(`--${optionOf[field] ?? field.replace('_', '-')} ${issue?.message}`)
  }
  const organisation = await provisionOrganisation(tools, facts.data)
  console.log(
    `${organisation._id} · ${organisation.name} · framed by ${organisation.origins.join(', ') || 'nobody'}`,
  )
}

const createKey = async (values: Values, tools: Tools): Promise<void> => {
  const org = needed(values, 'org')
  const env = needed(values, 'env')
  if (env !== 'live' && env !== 'test') throw new UsageError('--env must be live or test')
  if ((await tools.collections.organisations.get(org, org)) === null)
    throw new UsageError(`--org: no ${org} here`)
  const wanted = list(values, 'scope')
  const unknown = wanted.find((one) => !scope.safeParse(one).success)
  if (unknown !== undefined)
    throw new UsageError(`--scope: no scope ${unknown}; there are ${scope.options.join(', ')}`)
  const scopes: Scope[] = scope.options.filter((one) => wanted.includes(one))
  const { secret_key, document } = await provisionApiKey(tools, {
    org_id: org,
    env,
    name: given(values, 'name') ?? 'Backend',
    ...(scopes.length === 0 ? {} : { scopes }),
  })
  console.log(`${secret_key}\n(key id ${document._id}; shown this once)`)
}

const revokeKey = async (values: Values, tools: Tools): Promise<void> => {
  const id = needed(values, 'id')
  const [key] = await tools.collections.apiKeys.find({ index: 'key_id', equals: [id], limit: 1 })
  if (key === undefined) throw new UsageError(`--id: no key ${id}`)
  const revoked = await tools.collections.apiKeys.replace({ ...key, revoked_at: tools.clock() }, key.version)
  if (!revoked.ok) throw new UsageError('the key was changed by somebody else at this moment; run it again')
  console.log(`${id} is revoked`)
}

const passwordBytes = 12

const createAdmin = async (values: Values, tools: Tools): Promise<void> => {
  const org = needed(values, 'org')
  if ((await tools.collections.organisations.get(org, org)) === null)
    throw new UsageError(`--org: no ${org} here`)
  const password = tools.random(passwordBytes).toString('base64url')
  const email = needed(values, 'email')
  const created = await createAdminAccount(tools, { org_id: org, email, password, role: 'analyst' })
  if (!created.ok) throw new UsageError(`--email: refused (${created.reason})`)
  console.log(`${created.account.email}\n${password}\n(shown this once)`)
}

const trail = z.object({
  entries: z.array(z.unknown()),
  head: z.nullable(z.object({ seq: z.number(), hash: z.string() })),
})

const verifyAudit = async (values: Values): Promise<void> => {
  const file = needed(values, 'file')
  const read = trail.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!read.success) throw new UsageError(`${file}: not what GET /audit?session=… answers`)
  const verdict = verifyTrail(read.data.entries, read.data.head)
  if (!verdict.ok) throw new UsageError(`${file}: ${verdict.fault} at entry ${verdict.seq}`)
  console.log(`${file}: ${verdict.length} entries, unbroken`)
}

/** Every command, by the words that call it. */
export const commands: Record<string, Command> = {
  'org create': { needsStore: true, run: createOrganisation },
  'key create': { needsStore: true, run: createKey },
  'key revoke': { needsStore: true, run: revokeKey },
  'admin create': { needsStore: true, run: createAdmin },
  'audit verify': { needsStore: false, run: verifyAudit },
}
