import { mistakeWords } from '#contract/mistake'
import { type PolicySummary, policyNote } from '#contract/policy'
import { builtInSummary, type PolicyTenant, summaryOf } from '../policy/describe.ts'
import { listVersions } from '../policy/list.ts'
import { pointerTo } from '../policy/load.ts'
import { type MoveAnswer, moveVersion } from '../policy/move.ts'
import { wholeVersion } from '../policy/whole.ts'
import {
  type Command,
  knownOrganisation,
  needed,
  neededEnvironment,
  type Tools,
  UsageError,
  type Values,
} from './command.ts'

/** Commands for the policy, for when nobody can reach the page or the API. */

/** The versions that `--org` and `--env` name. */
export const tenantOf = async (values: Values, tools: Tools): Promise<PolicyTenant> => {
  const org = await knownOrganisation(values, tools)
  return { org, environment: neededEnvironment(values), builtIn: tools.policy }
}

const lineWords = ({ id, state, base, note, author, published_at: at }: PolicySummary): string =>
  [
    id.padEnd(12),
    state.padEnd(8),
    `${note} (${author}${base === null ? '' : `, from ${base}`}${at === null ? '' : `, live ${at}`})`,
  ].join(' ')

const list = async (values: Values, tools: Tools): Promise<void> => {
  const tenant = await tenantOf(values, tools)
  let after: string | null = null
  do {
    const page: Awaited<ReturnType<typeof listVersions>> = await listVersions(tools, tenant.org._id, after)
    for (const version of page.versions) console.log(lineWords(summaryOf(version, tenant)))
    after = page.next
  } while (after !== null)
  console.log(lineWords(builtInSummary(tenant)))
}

const show = async (values: Values, tools: Tools): Promise<void> => {
  const id = needed(values, 'id')
  const version = await wholeVersion(tools, await tenantOf(values, tools), id)
  if (version === null) throw unknownVersion(id)
  console.log(JSON.stringify(version, null, 2))
}

const unknownVersion = (id: string): UsageError =>
  new UsageError(`--id: there is no version ${id}; policy list shows them`)

type Refusal = Extract<MoveAnswer, { ok: false }>

const mistakes: Record<Exclude<Refusal['reason'], 'invalid' | 'unknown_version'>, string> = {
  is_live: 'is live already',
  other_live: 'is not live, so there is nothing to go back from; policy list shows what is',
  nothing_before: 'is the first; nothing was live before it',
  has_no_preview: 'has no preview',
  not_in_preview: 'is not in preview',
  keys_may_not_lower: 'enforces less than the live one, which a key can’t make live',
  awaits_second: 'enforces less than the live one, which takes two analysts',
  busy: 'is being changed by others; run it again',
  lost_race: 'was moved by somebody else at this moment; run it again',
}

export const policyRefused = (refusal: Refusal, id: string): UsageError => {
  if (refusal.reason === 'unknown_version') return unknownVersion(id)
  if (refusal.reason !== 'invalid') return new UsageError(`--id: ${id} ${mistakes[refusal.reason]}`)
  const lines = refusal.problems.map(({ path, message }) => `  ${path}: ${message}`)
  return new UsageError(`--id: ${id} must not be published as it is\n${lines.join('\n')}`)
}

const move =
  (kind: 'publish' | 'roll_back') =>
  async (values: Values, tools: Tools): Promise<void> => {
    const id = needed(values, 'id')
    const note = policyNote.safeParse(needed(values, 'note'), { error: mistakeWords })
    if (!note.success) throw new UsageError(`--note: ${note.error.issues[0]?.message}`)
    const { org, environment } = await tenantOf(values, tools)
    const moved = await moveVersion(tools, org, environment, {
      kind,
      version: pointerTo(tools, id),
      expected_live: kind === 'roll_back' ? pointerTo(tools, id) : undefined,
      at: tools.clock(),
      by: 'operator',
      note: note.data,
    })
    if (!moved.ok) throw policyRefused(moved, id)
    const { live } = moved.organisation.policies[environment]
    console.log(`${live ?? tools.policy.version} is live in ${environment}`)
  }

const options = ['org', 'env', 'id']

export const policyCommands: Record<string, Command> = {
  'policy list': { needsStore: true, options: ['org', 'env'], run: list },
  'policy show': { needsStore: true, options, run: show },
  'policy publish': { needsStore: true, options: [...options, 'note'], run: move('publish') },
  'policy rollback': { needsStore: true, options: [...options, 'note'], run: move('roll_back') },
}
