import type * as z from 'zod/mini'
import { mistakeWords } from '#contract/mistake'
import type { RuleProblem } from '#contract/rule'

/** Notes problems, as many as somebody will read at once. */
export type Problems = {
  note: (path: string, message: string) => void
  isFull: () => boolean
  all: RuleProblem[]
}

const maxProblems = 100
const maxMessageLength = 300

export function newProblems(): Problems {
  const all: RuleProblem[] = []
  const isFull = () => all.length >= maxProblems
  return {
    all,
    isFull,
    note: (path, message) => {
      const problem = { path, message: message.slice(0, maxMessageLength) }
      // The same may be found on the way in and on the way out of nested conditions.
      if (!isFull() && !all.some((one) => one.path === path && one.message === problem.message))
        all.push(problem)
    },
  }
}

/** Parses with a schema of the contract. What the schema refuses becomes problems below `path`, and the answer is null. */
export function parsedAt<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  path: string,
  problems: Problems,
): z.infer<Schema> | null {
  const parsed = schema.safeParse(value, { error: mistakeWords })
  if (parsed.success) return parsed.data
  for (const { path: below, message } of parsed.error.issues)
    problems.note(path + below.map(partOf).join(''), message)
  return null
}

const partOf = (part: PropertyKey): string => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)

/** A JSON object, or null. */
export const objectOf = (value: unknown): Readonly<Record<string, unknown>> | null =>
  isObject(value) ? value : null

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What was written, in short. */
export const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'without a name'
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}
