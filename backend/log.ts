import { type DestinationStream, type Logger, pino } from 'pino'
import type { LogLevel } from './config.ts'

/**
 * Structured logs, one JSON object a line on standard output.
 * Requirement: nothing that opens, proves or names anything is written: no credential, code, key, token or address.
 * Callers log ids and closed codes; redaction below is the net under them, not the method.
 */
export type Log = Logger

const secretNames = new Set([
  'authorization',
  'cookie',
  'set-cookie',
  'checkpoint-token',
  'api_key',
  'client_secret',
  'code',
  'email',
  'key',
  'mailbox',
  'master_keys',
  'password',
  'pepper',
  'phone',
  'previous_email',
  'secret',
  'secret_key',
  'session_key',
  'step_token',
  'token',
])

/** Deeper than anything that we log on purpose. */
const depthMax = 6

/**
 * One walk over what a line carries. pino's own redaction has no "at any depth", and with a wildcard for each name and
 * level it cost more than the rest of a request's logging. Errors are left to their serializer.
 */
const redacted = (value: unknown, depth = 0): unknown => {
  if (typeof value !== 'object' || value === null || value instanceof Error) return value
  if (depth >= depthMax) return '[too deep]'
  if (Array.isArray(value)) return value.map((item) => redacted(item, depth + 1))
  return redactedFields(value, depth)
}

const redactedFields = (value: object, depth = 0): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      name,
      secretNames.has(name.toLowerCase()) ? '[redacted]' : redacted(field, depth + 1),
    ]),
  )

const causeDepthMax = 4

/**
 * An error as a log line tells it. Written out field by field: errors of libraries carry requests, documents and
 * connection strings as extra properties. `error_code` because `code` means a secret here and is redacted.
 */
const describeError = (fault: unknown, depth = 0): unknown => {
  if (!(fault instanceof Error)) return typeof fault
  return {
    type: fault.name,
    message: fault.message,
    stack: fault.stack,
    ...('code' in fault && typeof fault.code === 'string' ? { error_code: fault.code } : {}),
    ...(fault.cause !== undefined && depth < causeDepthMax
      ? { cause: describeError(fault.cause, depth + 1) }
      : {}),
  }
}

/** Makes the process's logger. `destination` is standard output unless a test reads along. */
export const createLog = (level: LogLevel, destination?: DestinationStream): Log =>
  pino(
    {
      level,
      base: { service: 'anti-social-engine', pid: process.pid },
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: {
        level: (label) => ({ level: label }),
        log: (fields) => redactedFields(fields),
      },
      // What a child logger is born with passes no formatter; its fields are flat, so names are enough.
      redact: {
        paths: [...secretNames].map((name) => (name.includes('-') ? `["${name}"]` : name)),
        censor: '[redacted]',
      },
      serializers: { err: (fault: unknown) => describeError(fault) },
    },
    ...(destination === undefined ? [] : [destination]),
  )
