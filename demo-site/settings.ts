import * as z from 'zod/mini'

/**
 * The demo's only reader of the environment. The bank is a customer like any other: it knows the API's address
 * and its own secret key, and nothing else about Anti Social Engine.
 */

const port = (fallback: number) =>
  z.pipe(
    z.pipe(
      z._default(z.string(), String(fallback)),
      z.transform((value) => (value.trim() === '' ? Number.NaN : Number(value))),
    ),
    z.int({ error: 'must be a port number' }).check(z.gte(0), z.lte(65535)),
  )

const bankEnvironment = z.object({
  ASE_API_URL: z.url({ error: 'must be the address of the API' }),
  ASE_SECRET_KEY: z.string().check(z.minLength(1)),
  ASE_HISTORY_KEY: z.optional(z.string().check(z.minLength(1))),
  ASE_ADMIN_URL: z.optional(z.string()),
  DEMO_PORT: port(8082),
  SMTP_PORT: port(8025),
})

const supervisorEnvironment = z.object({
  PORT: port(8080),
  ADMIN_PORT: port(8081),
  DEMO_PORT: port(8082),
  SMTP_PORT: port(8025),
  DATA_DIR: z._default(z.string(), 'data'),
  SMTP_URL: z.optional(z.string()),
})

export type BankSettings = z.infer<typeof bankEnvironment>
export type SupervisorSettings = z.infer<typeof supervisorEnvironment>

const read = <T extends z.ZodMiniType>(schema: T, environment: NodeJS.ProcessEnv): z.output<T> => {
  const parsed = z.safeParse(schema, environment)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`)
  throw new Error(`The demo's environment does not make sense: ${issues.join('; ')}.`)
}

/** What the bank needs; throws with a sentence that names the variable. */
export const readBankSettings = (environment = process.env): BankSettings =>
  read(bankEnvironment, environment)

/** What `npm start` needs; throws with a sentence that names the variable. */
export const readSupervisorSettings = (environment = process.env): SupervisorSettings =>
  read(supervisorEnvironment, environment)
