import { stat } from 'node:fs/promises'
import { type EnforcementMode, enforcementMode } from '#contract/enforcement'
import { type Environment, environment } from '#contract/environment'
import type { Deps } from '../deps.ts'
import type { Organisation } from '../org/organisation.ts'

/** What every command of the operator is made of. */

/** A mistake in the command line: one sentence, no stack. */
export class UsageError extends Error {}

/** The command line after parsing: every option that was given. */
export type Values = Record<string, string | string[] | boolean | undefined>

export type Tools = Deps & {
  /** For people: which store the command works on. */
  storeName: string
}

export type Command = {
  /** Every option that it reads; any other is refused. */
  options: readonly string[]
  /** The option that a word behind the command stands for. */
  operand?: string
} & (
  | { needsStore: true; run: (values: Values, tools: Tools) => Promise<void> }
  | { needsStore: false; run: (values: Values) => Promise<void> }
)

export const given = (values: Values, name: string): string | null => {
  const value = values[name]
  return typeof value === 'string' && value !== '' ? value : null
}

export const needed = (values: Values, name: string): string => {
  const value = given(values, name)
  if (value === null) throw new UsageError(`--${name} is missing; npm run ase lists the commands`)
  return value
}

/** The environment that `--env` names. */
export const neededEnvironment = (values: Values): Environment => {
  const named = environment.safeParse(needed(values, 'env'))
  if (!named.success) throw new UsageError(`--env must be ${environment.options.join(' or ')}`)
  return named.data
}

/** Observe or enforce, where an option says so; null where it is left out. */
export const givenEnforcement = (values: Values): EnforcementMode | null => {
  const value = given(values, 'enforcement')
  if (value === null) return null
  const mode = enforcementMode.safeParse(value)
  if (!mode.success) throw new UsageError(`--enforcement must be ${enforcementMode.options.join(' or ')}`)
  return mode.data
}

/** Every value of an option that may be given again and again. */
export const listed = (values: Values, name: string): string[] => {
  const value = values[name]
  return Array.isArray(value) ? value : []
}

/** The organisation that `--org` names. */
export const knownOrganisation = async (values: Values, tools: Tools): Promise<Organisation> => {
  const org = needed(values, 'org')
  const organisation = await tools.collections.organisations.get(org, org)
  if (organisation === null)
    throw new UsageError(`--org: there is no ${org} in ${tools.storeName}; org create makes one`)
  return organisation
}

/** How long a file is, in bytes. */
export const sizeOf = async (path: string): Promise<number> => {
  const found = await stat(path).catch(() => null)
  if (found?.isFile() !== true) throw new UsageError(`${path}: can't be read; is the name right?`)
  return found.size
}
