import type { ProblemCode } from '#contract/problem'
import { AppError, busy } from './app-error.ts'

/** A refusal of the core as a problem: which code, and a sentence that says what to do. */
export type Said = { code: ProblemCode; detail: string; errors?: { path: string; message: string }[] }

export const problemOf = ({ code, detail, errors }: Said): AppError =>
  code === 'busy' ? busy(detail) : new AppError(code, detail, errors === undefined ? {} : { errors })

export const notFound = (detail: string): Said => ({ code: 'not_found', detail })

/** One field that does not fit. */
export const mistake = (path: string, message: string, field = path): Said => ({
  code: 'invalid_request',
  detail: `${field} ${message}.`,
  errors: [{ path, message }],
})

/** What a verb answers when it refuses. */
export type Refused<Answer> = Extract<Answer, { ok: false }>
