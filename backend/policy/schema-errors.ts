import type * as z from 'zod/mini'
import { mistakeWords } from '#contract/mistake'
import type { PolicyProblem } from '#contract/policy'

const isPlainName = /^[A-Za-z_][\w-]*$/

/** A path into a policy as people write it: `rules[3].when`, `thresholds.medium`. */
export const writtenPath = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((written, step) => {
    if (typeof step === 'number') return `${written}[${step}]`
    const name = String(step)
    if (!isPlainName.test(name)) return `${written}[${JSON.stringify(name.slice(0, 64))}]`
    return written === '' ? name : `${written}.${name}`
  }, '')

const messageMax = 200

/** Every reason why a value does not fit its schema. An unknown name has a path of its own. */
export const schemaErrors = (schema: z.ZodMiniType, value: unknown): PolicyProblem[] => {
  const parsed = schema.safeParse(value, { error: mistakeWords })
  if (parsed.success) return []
  return parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({
          path: writtenPath([...issue.path, key]),
          message: 'is not known here; leave it out, or correct its name',
        }))
      : [{ path: writtenPath(issue.path), message: issue.message.slice(0, messageMax) }],
  )
}
