import type { PolicyTenant } from '../policy/describe.ts'
import type { DraftAnswer } from '../policy/draft.ts'
import { makeDraft, patched } from '../policy/draft.ts'
import { readPolicy } from '../policy/load.ts'
import { type ActionLine, actionLines } from '../risk/list-actions.ts'
import { type Command, given, listed, needed, type Tools, UsageError, type Values } from './command.ts'
import { tenantOf } from './policy-commands.ts'

/** Maps an action. What a name means is policy, so a change is a draft that must be published. */

const lineWords = ({ name, family, sensitivity, floor, required }: ActionLine): string =>
  [
    name.padEnd(24),
    family.padEnd(12),
    sensitivity.padEnd(8),
    `at least ${floor.padEnd(8)}`,
    required.length === 0 ? '' : `needs ${required.join(', ')}`,
  ]
    .join(' ')
    .trimEnd()

const liveIn = (tools: Tools, { org, environment }: PolicyTenant) =>
  readPolicy(tools, org._id, org.policies[environment].live ?? tools.policy.version)

const list = async (values: Values, tools: Tools): Promise<void> => {
  const policy = await liveIn(tools, await tenantOf(values, tools))
  for (const line of actionLines(policy)) console.log(lineWords(line))
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
  if (!made.ok) throw refused(made, name)
  const id = made.version._id
  console.log(id)
  console.error(
    `(a draft: policy publish --org ${tenant.org._id} --env ${tenant.environment} --id ${id} --note "…" makes it live)`,
  )
}

const refused = (answer: Extract<DraftAnswer, { ok: false }>, name: string): UsageError => {
  if (answer.reason !== 'invalid') return new UsageError(`--name: ${name} changes nothing`)
  const lines = answer.problems.map(({ path, message }) => `  ${path}: ${message}`)
  return new UsageError(`--name: ${name} can't be mapped like this\n${lines.join('\n')}`)
}

const options = ['org', 'env']

export const actionCommands: Record<string, Command> = {
  'action list': { needsStore: true, options, run: list },
  'action map': {
    needsStore: true,
    options: [...options, 'name', 'family', 'sensitivity', 'requires', 'wording', 'floor', 'note'],
    run: map,
  },
}
