import { readFileSync } from 'node:fs'
import * as z from 'zod/mini'
import { verifyTrail } from '../audit/verify.ts'
import { defaultScopes, scope } from '../org/api-key.ts'
import { type AccountRefusal, createAdminAccount } from '../org/create-admin-account.ts'
import { historyKeyDays, type KeyTerms, keyTerms } from '../org/key-terms.ts'
import { provisionApiKey } from '../org/provision.ts'
import { revokeApiKey } from '../org/revoke-api-key.ts'
import { actionCommands } from './action-commands.ts'
import {
  type Command,
  given,
  knownOrganisation,
  listed,
  needed,
  neededEnvironment,
  type Tools,
  UsageError,
  type Values,
} from './command.ts'
import { evaluateCommands } from './evaluate-commands.ts'
import { fitCommands } from './fit-command.ts'
import { historyCommands } from './history-commands.ts'
import { listCommands } from './list-commands.ts'
import { organisationCommands } from './organisation-commands.ts'
import { policyCommands } from './policy-commands.ts'
import { trailCommands } from './trail-commands.ts'

const createKey = async (values: Values, tools: Tools): Promise<void> => {
  const { _id: org } = await knownOrganisation(values, tools)
  const env = neededEnvironment(values)
  const wanted = listed(values, 'scope')
  const unknown = wanted.find((one) => !scope.safeParse(one).success)
  if (unknown !== undefined)
    throw new UsageError(`--scope: there is no ${unknown}; there are ${scope.options.join(', ')}`)
  const scopes = wanted.length === 0 ? defaultScopes : scope.options.filter((one) => wanted.includes(one))
  const terms = keyTerms({ env, scopes, days: wantedDays(values), now: tools.clock() })
  if (!terms.ok) throw new UsageError(termsRefused[terms.reason])
  const { secret_key, document } = await provisionApiKey(tools, {
    org_id: org,
    env,
    name: given(values, 'name') ?? 'Backend',
    scopes,
    expires_at: terms.expires_at,
  })
  const end = terms.expires_at === null ? '' : ` and ends on ${new Date(terms.expires_at).toISOString()}`
  console.log(secret_key)
  console.error(`(key id ${document._id}; the key is shown this once${end})`)
}

const wantedDays = (values: Values): number | null => {
  const days = given(values, 'days')
  if (days === null) return null
  if (!/^[1-9]\d{0,3}$/.test(days)) throw new UsageError('--days: must be a whole number of days, 1 to 9999')
  return Number(days)
}

const termsRefused: Record<Extract<KeyTerms, { ok: false }>['reason'], string> = {
  history_stands_alone:
    '--scope: in live, history:write stands alone or with labels:write; make another key for the rest',
  history_ends_sooner: `--days: a key that brings history lives ${historyKeyDays.most} days at most`,
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
  const integrity = verifyTrail(read.data.entries, read.data.head)
  if (!integrity.ok) throw new UsageError(`${file}: ${integrity.fault} at entry ${integrity.seq}`)
  console.log(`${file}: ${integrity.length} entries, unbroken`)
}

/** Every command, by the words that call it. */
export const commands: Record<string, Command> = {
  ...organisationCommands,
  'key create': { needsStore: true, options: ['org', 'env', 'name', 'scope', 'days'], run: createKey },
  'key revoke': { needsStore: true, options: ['id'], run: revokeKey },
  'admin create': { needsStore: true, options: ['org', 'email'], run: createAdmin },
  ...policyCommands,
  ...actionCommands,
  ...listCommands,
  ...trailCommands,
  ...evaluateCommands,
  ...fitCommands,
  ...historyCommands,
  'audit verify': { needsStore: false, options: ['file'], run: verifyAudit },
}
