import * as z from 'zod/mini'
import { mistakeWords } from '#contract/mistake'
import { mailboxAddress } from '#contract/text'
import { isExactOrigin } from './org/exact-origin.ts'
import { isLoopbackHost } from './org/loopback-host.ts'
import { parseRing, type RingRefusal, ringKeyMinBytes } from './secret-rings.ts'

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof logLevels)[number]

/** The environment can't be used. `problems`: one sentence a mistake, each naming its variable; no secret is quoted. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(problems.join('\n'))
    this.problems = problems
  }
}

const whole = (min: number, max: number, fallback: number) =>
  z.pipe(
    z._default(z.string(), String(fallback)).check(
      z.refine((text) => /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max, {
        error: `write a whole number from ${min} to ${max}, for example ${fallback}`,
      }),
    ),
    z.transform(Number),
  )

const scale = z.pipe(
  z._default(z.string(), '1').check(
    z.refine((text) => /^\d{1,6}(\.\d{1,6})?$/.test(text) && Number(text) > 0, {
      error: 'write a number above 0, for example 1',
    }),
  ),
  z.transform(Number),
)

const flag = z.pipe(
  z._default(z.enum(['0', '1'], { error: 'write 1 to switch it on, 0 to leave it off' }), '0'),
  z.transform((text) => text === '1'),
)

const origin = z.optional(
  z.string().check(
    z.refine(isExactOrigin, {
      error:
        'write an origin without a path, for example https://checkpoint.example; http:// only for 127.0.0.1 and localhost',
    }),
  ),
)

/** Scheme and something behind it; the driver parses the rest. A list of hosts is no URL to the URL standard. */
const urlWith = (pattern: RegExp, example: string) =>
  z.optional(z.string().check(z.regex(pattern, { error: `write a URL such as ${example}` })))

const makeKey = `k1:$(node -p 'crypto.randomBytes(${ringKeyMinBytes}).toString("base64url")')`

const ringRefusals: Record<RingRefusal, string> = {
  not_a_ring: `write kid:key,kid:key, newest first, kid of a-z and 0-9, key in base64url: ${makeKey}`,
  not_base64url: `a key is not canonical base64url; make one with ${makeKey}`,
  too_short: `a key is shorter than ${ringKeyMinBytes} bytes; make one with ${makeKey}`,
  too_guessable: `a key is text, repeats itself or counts; make one with ${makeKey}`,
  duplicate_kid: 'two keys carry the same kid; give the new key another one',
  duplicate_key: 'the same key stands there twice; remove one or make a new one',
}

const ring = z.optional(
  z.string().check(
    z.superRefine((text, context) => {
      const parsed = parseRing(text)
      if (!parsed.ok) context.addIssue({ code: 'custom', message: ringRefusals[parsed.reason] })
    }),
  ),
)

const variables = z.object({
  PORT: whole(1, 65_535, 8080),
  ADMIN_PORT: whole(1, 65_535, 8081),
  DEMO_PORT: whole(1, 65_535, 8082),
  ASE_DEMO: flag,
  HOST: z._default(
    z
      .string()
      .check(
        z.regex(/^[A-Za-z0-9.:-]{1,253}$/, { error: 'write an address to listen on, for example 127.0.0.1' }),
      ),
    '127.0.0.1',
  ),
  DATA_DIR: z._default(z.string(), 'data'),
  MONGODB_URI: urlWith(/^mongodb(\+srv)?:\/\/\S+$/, 'mongodb://db-1,db-2,db-3/ase?replicaSet=rs0'),
  MONGODB_WAIVE_DURABILITY: flag,
  PUBLIC_ORIGIN: origin,
  CHECKPOINT_ORIGIN: origin,
  ADMIN_ORIGIN: origin,
  SMTP_URL: urlWith(/^smtps?:\/\/\S+$/, 'smtps://user:password@mail.example:465'),
  MAIL_FROM: z.optional(mailboxAddress),
  MASTER_KEYS: ring,
  CODE_PEPPER: ring,
  INSTANCES: whole(1, 1000, 1),
  WORKERS: whole(1, 64, 1),
  TRUSTED_PROXY_HOPS: whole(0, 10, 0),
  LOG_LEVEL: z._default(z.enum(logLevels, { error: `write one of ${logLevels.join(', ')}` }), 'info'),
  RETENTION_DAYS: whole(1, 3650, 400),
  SHUTDOWN_SECONDS: whole(1, 600, 20),
  LIMITS_SCALE: scale,
  HEADERS_TIMEOUT_SECONDS: whole(1, 600, 10),
  REQUEST_TIMEOUT_SECONDS: whole(1, 3600, 30),
  UNREAD_TIMEOUT_SECONDS: whole(1, 3600, 30),
  KEEP_ALIVE_SECONDS: whole(1, 3600, 65),
  MAX_CONNECTIONS: whole(1, 1_000_000, 2000),
  ADMIN_MAX_CONNECTIONS: whole(1, 1_000_000, 200),
  MAX_HEADERS: whole(20, 2000, 100),
})
type Variables = z.infer<typeof variables>

/** Every variable that is read; `configuration.md` says what each does. */
export const settingNames: readonly string[] = Object.keys(variables.shape)

const ownPrefix = 'ASE_'

/** Names with our prefix that nobody reads are typing errors: `ASE_DMEO=1` must not start a production server. */
const unknownNames = (env: ProcessEnvironment): string[] =>
  Object.keys(env)
    .filter((name) => name.startsWith(ownPrefix) && !settingNames.includes(name))
    .map(
      (name) =>
        `${name}: no such setting; with ${ownPrefix} there is only ${settingNames.filter((one) => one.startsWith(ownPrefix)).join(', ')}`,
    )

/** What no single variable can say about itself. */
const contradictions = (read: Variables): string[] => {
  const ringsSet = [read.MASTER_KEYS, read.CODE_PEPPER].filter((text) => text !== undefined).length
  const ports = read.ASE_DEMO ? [read.PORT, read.ADMIN_PORT, read.DEMO_PORT] : [read.PORT, read.ADMIN_PORT]
  const rows: [boolean, string][] = [
    [
      read.ASE_DEMO && !isLoopbackHost(read.HOST),
      'HOST: the demo shows its mailbox and its keys to whoever can reach it; write 127.0.0.1, or unset ASE_DEMO',
    ],
    [
      read.MONGODB_URI !== undefined && read.MASTER_KEYS === undefined,
      `MASTER_KEYS: required with MONGODB_URI, so that every instance has the same keys; write MASTER_KEYS=${makeKey}`,
    ],
    [
      read.MONGODB_URI !== undefined && read.CODE_PEPPER === undefined,
      `CODE_PEPPER: required with MONGODB_URI, so that every instance has the same keys; write CODE_PEPPER=${makeKey}`,
    ],
    [
      read.MONGODB_URI === undefined && ringsSet === 1,
      'MASTER_KEYS, CODE_PEPPER: set both, or neither to let DATA_DIR/secrets.json hold them',
    ],
    [
      ringsSet === 2 && sharesKey(read.MASTER_KEYS ?? '', read.CODE_PEPPER ?? ''),
      'CODE_PEPPER: shares a key with MASTER_KEYS; make a key of its own',
    ],
    [
      read.MONGODB_WAIVE_DURABILITY && read.MONGODB_URI === undefined,
      'MONGODB_WAIVE_DURABILITY: means nothing without MONGODB_URI; unset it',
    ],
    [
      read.SMTP_URL !== undefined && read.MAIL_FROM === undefined,
      'MAIL_FROM: required with SMTP_URL; write the sender, for example checkpoint@company.example',
    ],
    [
      read.REQUEST_TIMEOUT_SECONDS < read.HEADERS_TIMEOUT_SECONDS,
      'REQUEST_TIMEOUT_SECONDS: the headers are part of the request; write at least HEADERS_TIMEOUT_SECONDS',
    ],
    [new Set(ports).size < ports.length, 'PORT, ADMIN_PORT, DEMO_PORT: write different ports'],
  ]
  return rows.filter(([wrong]) => wrong).map(([, sentence]) => sentence)
}

const sharesKey = (left: string, right: string): boolean => {
  const [masters, peppers] = [parseRing(left), parseRing(right)]
  return (
    masters.ok &&
    peppers.ok &&
    masters.ring.some((one) => peppers.ring.some((other) => other.key.equals(one.key)))
  )
}

const toConfig = (read: Variables) => {
  const publicOrigin = read.PUBLIC_ORIGIN ?? `http://127.0.0.1:${read.PORT}`
  return Object.freeze({
    port: read.PORT,
    adminPort: read.ADMIN_PORT,
    /** Only used in demo mode. */
    demoPort: read.DEMO_PORT,
    demo: read.ASE_DEMO,
    host: read.HOST,
    dataDir: read.DATA_DIR,
    mongodbUri: read.MONGODB_URI ?? null,
    /** Tests only: accepts a MongoDB that can lose acknowledged writes; `/readyz` and the log say so. */
    mongoWaiveDurability: read.MONGODB_WAIVE_DURABILITY,
    publicOrigin,
    checkpointOrigin: read.CHECKPOINT_ORIGIN ?? publicOrigin,
    adminOrigin: read.ADMIN_ORIGIN ?? `http://127.0.0.1:${read.ADMIN_PORT}`,
    smtpUrl: read.SMTP_URL ?? null,
    mailFrom: read.MAIL_FROM ?? 'checkpoint@demo.invalid',
    /** Key rings as written (`secret-rings.ts`), already known to be well-formed; both set or both null. */
    masterKeys: read.MASTER_KEYS ?? null,
    codePepper: read.CODE_PEPPER ?? null,
    /** How many instances share the soft limits. */
    instances: read.INSTANCES,
    /** How many processes serve this instance, and share its part of them. */
    workers: read.WORKERS,
    /** How many proxies in front of us append to X-Forwarded-For; 0 trusts none. */
    trustedProxyHops: read.TRUSTED_PROXY_HOPS,
    logLevel: read.LOG_LEVEL,
    retentionDays: read.RETENTION_DAYS,
    /** How long a SIGTERM may drain. */
    shutdownSeconds: read.SHUTDOWN_SECONDS,
    /** Multiplies every soft limit; load tests raise it. */
    limitsScale: read.LIMITS_SCALE,
    publicListener: listenerOf(read, read.MAX_CONNECTIONS),
    adminListener: listenerOf(read, read.ADMIN_MAX_CONNECTIONS),
  })
}

/** Everything that the environment decides. Parsed once at start, frozen, handed on; nothing else reads `process.env`. */
export type Config = ReturnType<typeof toConfig>

/** How long one connection may take, and how many there may be. Set on purpose: Node's own leave a slow body five minutes. */
const listenerOf = (read: Variables, connections: number) => ({
  /** From the connection, or the end of the answer before, to the last header. */
  headersSeconds: read.HEADERS_TIMEOUT_SECONDS,
  /** From the first byte to the last one of the body. */
  requestSeconds: read.REQUEST_TIMEOUT_SECONDS,
  /** How long an answer may lie here without its reader taking any of it. */
  unreadSeconds: read.UNREAD_TIMEOUT_SECONDS,
  /** How long a connection waits for its next request. */
  keepAliveSeconds: read.KEEP_ALIVE_SECONDS,
  /** Connections at once in each worker; what comes beyond is closed at its door. */
  connections: Math.ceil(connections / read.WORKERS),
  /** Header fields of one request. */
  headers: read.MAX_HEADERS,
})
export type ListenerLimits = Readonly<ReturnType<typeof listenerOf>>

type ProcessEnvironment = Readonly<Record<string, string | undefined>>

/**
 * Parses the environment. An empty variable counts as unset, as compose files write it.
 * Throws `ConfigError` with every mistake at once: one start tells the operator everything.
 */
export const readConfig = (env: ProcessEnvironment): Config => {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  )
  const read = variables.safeParse(given, { error: mistakeWords })
  const mistakes = read.success
    ? contradictions(read.data)
    : read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
  const problems = [...unknownNames(given), ...mistakes]
  if (!read.success || problems.length > 0) throw new ConfigError(problems)
  return toConfig(read.data)
}
