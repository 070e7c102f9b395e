import type * as z from 'zod/mini'
import { mistakeWords } from '#contract/mistake'
import type { PolicyProblem } from '#contract/policy'

/** Places in a policy, as people write them: `rules[3].when`, `thresholds.medium`. */

const isPlainName = /^[A-Za-z_][\w-]*$/

export const placeOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((place, step) => {
    if (typeof step === 'number') return `${place}[${step}]`
    const name = String(step)
    if (!isPlainName.test(name)) return `${place}[${JSON.stringify(name.slice(0, 64))}]`
    return place === '' ? name : `${place}.${name}`
  }, '')

const messageMax = 200

/** Everything that keeps a value from fitting its schema; a name that nobody knows is a place of its own. */
export const misfits = (schema: z.ZodMiniType, value: unknown): PolicyProblem[] => {
  const parsed = schema.safeParse(value, { error: mistakeWords })
  if (parsed.success) return []
  return parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          path: placeOf([...issue.path, key]),
          message: 'is not known here; leave it out, or correct its name',
        }))
      : [{ path: placeOf(issue.path), message: issue.message.slice(0, messageMax) }],
  )
}
