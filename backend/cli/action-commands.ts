import type { PolicyTenant } from '../policy/describe.ts'
import type { DraftAnswer } from '../policy/draft.ts'
import { makeDraft, patched } from '../policy/draft.ts'
import { readPolicy } from '../policy/load.ts'
import { type ActionLine, actionLines } from '../risk/list-actions.ts'
import { isMapped } from '../risk/policy.ts'
import {
  type Command,
  given,
  givenEnforcement,
  listed,
  needed,
  type Tools,
  UsageError,
  type Values,
} from './command.ts'
import { tenantOf } from './policy-commands.ts'

/** Maps an action. What a name means is policy, so a change is a draft that must be published. */

const lineWords = ({
  name,
  family,
  sensitivity,
  floor,
  enforced_percent: percent,
  required,
}: ActionLine): string =>
  [
    name.padEnd(24),
    family.padEnd(12),
    sensitivity.padEnd(8),
    `at least ${floor.padEnd(8)}`,
    percent === 100 ? '' : percent === 0 ? 'observed' : `enforced for ${percent} %`,
    required.length === 0 ? '' : `needs ${required.join(', ')}`,
  ]
    .join(' ')
    .trimEnd()

const liveIn = (tools: Tools, { org, environment }: PolicyTenant) =>
  readPolicy(tools, org._id, org.policies[environment].live ?? tools.policy.version)

const list = async (values: Values, tools: Tools): Promise<void> => {
  const tenant = await tenantOf(values, tools)
  const { mode } = tenant.org.enforcement[tenant.environment]
  for (const line of actionLines(await liveIn(tools, tenant), mode)) console.log(lineWords(line))
}

/** Options that are left out are as strict as for an unknown name, with a floor that asks. */
const map = async (values: Values, tools: Tools): Promise<void> => {
  const tenant = await tenantOf(values, tools)
  const name = needed(values, 'name')
  const action = {
    family: needed(values, 'family'),
    sensitivity: given(values, 'sensitivity') ?? 'medium',
    wording: given(values, 'wording') ?? 'generic',
    required: listed(values, 'requires'),
    floor: given(values, 'floor') ?? 'low',
  }
  const made = await makeDraft(tools, tenant, {
    change: patched({ actions: { [name]: action } }),
    note: given(values, 'note') ?? `Map ${name}`,
    author: 'operator',
  })
  if (!made.ok) throw refused(made, `${name} can't be mapped like this`)
  tellDraft(tenant, made.version._id)
}

const tellDraft = ({ org, environment }: PolicyTenant, id: string): void => {
  console.log(id)
  console.error(
    `(a draft: policy publish --org ${org._id} --env ${environment} --id ${id} --note "…" makes it live)`,
  )
}

/** For which actions, and for how many people, decisions are carried out, is policy as well. */
const enforce = async (values: Values, tools: Tools): Promise<void> => {
  const tenant = await tenantOf(values, tools)
  const name = needed(values, 'name')
  const enforcement = givenEnforcement(values)
  if (enforcement === null) throw new UsageError('--enforcement is missing; npm run ase lists the commands')
  const percent = given(values, 'percent')
  const action = { enforcement, enforcement_share: percent === null ? null : Number(percent) }
  const made = await makeDraft(tools, tenant, {
    change: (base) => (isMapped(base, name) ? patched({ actions: { [name]: action } })(base) : null),
    note: given(values, 'note') ?? `${enforcement} ${name}${percent === null ? '' : ` for ${percent} %`}`,
    author: 'operator',
  })
  if (!made.ok) throw refused(made, `${name} can't be ${enforcement}d like this`)
  tellDraft(tenant, made.version._id)
}

const refused = (answer: Extract<DraftAnswer, { ok: false }>, what: string): UsageError => {
  if (answer.reason === 'nothing_to_change')
    return new UsageError('--name: the live policy has no such action; action list shows them')
  if (answer.reason !== 'invalid') return new UsageError(`--name: no draft was made (${answer.reason})`)
  const lines = answer.problems.map(({ path, message }) => `  ${path}: ${message}`)
  return new UsageError(`--name: ${what}\n${lines.join('\n')}`)
}

const options = ['org', 'env']

export const actionCommands: Record<string, Command> = {
  'action list': { needsStore: true, options, run: list },
  'action map': {
    needsStore: true,
    options: [...options, 'name', 'family', 'sensitivity', 'requires', 'wording', 'floor', 'note'],
    run: map,
  },
  'action enforce': {
    needsStore: true,
    options: [...options, 'name', 'enforcement', 'percent', 'note'],
    run: enforce,
  },
}
