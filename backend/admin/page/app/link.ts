import type { Environment } from '#contract/environment'
import { type Params, writeAddress } from './path.ts'
import { state } from './state.ts'

/** A link to a view by its address, `to('/sessions/:id', { id })`; it stays in the environment that is shown. */
export const to = <Pattern extends string>(
  pattern: Pattern,
  values: Params<Pattern> & object,
  environment: Environment | null = state().visit?.environment ?? null,
): string => writeAddress(pattern, values, environment)
