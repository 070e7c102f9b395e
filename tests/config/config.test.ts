import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ConfigError, readConfig } from '../../backend/config.ts'

const key = () => randomBytes(32).toString('base64url')
const one = key()
const two = key()
const rings = { MASTER_KEYS: `k2:${one},k1:${key()}`, CODE_PEPPER: `k1:${two}` }
const mongo = { MONGODB_URI: 'mongodb://a:1,b:2/ase?replicaSet=rs0', ...rings }

const patience = {
  headersSeconds: 10,
  requestSeconds: 30,
  unreadSeconds: 30,
  keepAliveSeconds: 65,
  headers: 100,
}

const problemsOf = (env: Record<string, string>): readonly string[] => {
  try {
    readConfig(env)
  } catch (fault) {
    if (fault instanceof ConfigError) return fault.problems
    throw fault
  }
  return []
}

describe('the environment', () => {
  test('an empty one is a whole configuration for one machine', () => {
    expect(readConfig({})).toEqual({
      port: 8080,
      adminPort: 8081,
      demoPort: 8082,
      demo: false,
      host: '127.0.0.1',
      dataDir: 'data',
      mongodbUri: null,
      mongoWaiveDurability: false,
      publicOrigin: 'http://127.0.0.1:8080',
      checkpointOrigin: 'http://127.0.0.1:8080',
      adminOrigin: 'http://127.0.0.1:8081',
      smtpUrl: null,
      mailFrom: 'checkpoint@demo.invalid',
      masterKeys: null,
      codePepper: null,
      instances: 1,
      workers: 1,
      trustedProxyHops: 0,
      logLevel: 'info',
      retentionDays: 400,
      shutdownSeconds: 20,
      limitsScale: 1,
      publicListener: { ...patience, connections: 2000 },
      adminListener: { ...patience, connections: 200 },
    })
  })

  test('a variable that is set but empty counts as unset', () => {
    expect(readConfig({ PORT: '', MONGODB_URI: '', ASE_DEMO: '' })).toEqual(readConfig({}))
  })

  test('what is written is what is used', () => {
    const config = readConfig({
      ...mongo,
      PORT: '9000',
      HOST: '0.0.0.0',
      PUBLIC_ORIGIN: 'https://api.ase.example',
      CHECKPOINT_ORIGIN: 'https://checkpoint.example',
      ADMIN_ORIGIN: 'https://admin.ase.example',
      SMTP_URL: 'smtps://u:p@mail.example:465',
      MAIL_FROM: 'checkpoint@ase.example',
      INSTANCES: '3',
      WORKERS: '4',
      TRUSTED_PROXY_HOPS: '1',
      LIMITS_SCALE: '2.5',
      UNRELATED: 'ignored',
    })
    expect(config).toMatchObject({
      port: 9000,
      publicOrigin: 'https://api.ase.example',
      checkpointOrigin: 'https://checkpoint.example',
      masterKeys: rings.MASTER_KEYS,
      instances: 3,
      workers: 4,
      limitsScale: 2.5,
    })
    expect(Object.isFrozen(config)).toBe(true)
  })

  test('the checkpoint is where the API is unless it is told otherwise', () => {
    expect(readConfig({ PUBLIC_ORIGIN: 'https://a.example' }).checkpointOrigin).toBe('https://a.example')
    expect(readConfig({ PORT: '9000' }).checkpointOrigin).toBe('http://127.0.0.1:9000')
  })

  test.each<[string, Record<string, string>]>([
    ['PORT', { PORT: 'http' }],
    ['PORT', { PORT: '0' }],
    ['PORT', { PORT: '65536' }],
    ['PORT', { PORT: '80 80' }],
    ['PORT', { PORT: '8081' }],
    ['ADMIN_PORT', { ADMIN_PORT: '-1' }],
    ['DEMO_PORT', { DEMO_PORT: '1e3' }],
    ['DEMO_PORT', { ASE_DEMO: '1', DEMO_PORT: '8080' }],
    ['HOST', { HOST: 'http://127.0.0.1' }],
    ['HOST', { ASE_DEMO: '1', HOST: '0.0.0.0' }],
    ['HOST', { ASE_DEMO: '1', HOST: '127.0.0.1.evil.example' }],
    ['ASE_DEMO', { ASE_DEMO: 'yes' }],
    ['ASE_DMEO', { ASE_DMEO: '1' }],
    ['ASE_MASTER_KEYS', { ASE_MASTER_KEYS: `k1:${one}` }],
    ['MONGODB_URI', { ...rings, MONGODB_URI: 'localhost:27017' }],
    ['MASTER_KEYS', { MONGODB_URI: mongo.MONGODB_URI, CODE_PEPPER: rings.CODE_PEPPER }],
    ['CODE_PEPPER', { MONGODB_URI: mongo.MONGODB_URI, MASTER_KEYS: rings.MASTER_KEYS }],
    ['CODE_PEPPER', { MASTER_KEYS: rings.MASTER_KEYS }],
    ['MASTER_KEYS', { CODE_PEPPER: rings.CODE_PEPPER }],
    ['CODE_PEPPER', { MASTER_KEYS: `k1:${one}`, CODE_PEPPER: `k9:${one}` }],
    ['MASTER_KEYS', { ...rings, MASTER_KEYS: one }],
    ['MASTER_KEYS', { ...rings, MASTER_KEYS: `K1:${one}` }],
    ['MASTER_KEYS', { ...rings, MASTER_KEYS: `k1:${one},` }],
    ['MASTER_KEYS', { ...rings, MASTER_KEYS: `k1:${one},k1:${two}` }],
    ['MASTER_KEYS', { ...rings, MASTER_KEYS: `k1:${one},k2:${one}` }],
    ['MASTER_KEYS', { ...rings, MASTER_KEYS: `k1:${randomBytes(31).toString('base64url')}` }],
    [
      'MASTER_KEYS',
      { ...rings, MASTER_KEYS: `k1:${randomBytes(32).toString('base64').replace(/=*$/, '=')}` },
    ],
    ['MASTER_KEYS', { ...rings, MASTER_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64url')}` }],
    ['MASTER_KEYS', { ...rings, MASTER_KEYS: `k1:${'changeme'.repeat(8)}` }],
    [
      'MASTER_KEYS',
      { ...rings, MASTER_KEYS: `k1:${Buffer.from([...Array(32).keys()]).toString('base64url')}` },
    ],
    [
      'CODE_PEPPER',
      {
        ...rings,
        CODE_PEPPER: `k1:${Buffer.from('correct horse battery staple, quickly').toString('base64url')}`,
      },
    ],
    ['MONGODB_WAIVE_DURABILITY', { MONGODB_WAIVE_DURABILITY: '1' }],
    ['PUBLIC_ORIGIN', { PUBLIC_ORIGIN: 'http://checkpoint.example' }],
    ['PUBLIC_ORIGIN', { PUBLIC_ORIGIN: 'https://checkpoint.example/' }],
    ['PUBLIC_ORIGIN', { PUBLIC_ORIGIN: 'checkpoint.example' }],
    ['CHECKPOINT_ORIGIN', { CHECKPOINT_ORIGIN: 'http://localhost.evil.example' }],
    ['ADMIN_ORIGIN', { ADMIN_ORIGIN: 'https://admin.example/login' }],
    ['SMTP_URL', { SMTP_URL: 'mail.example:25', MAIL_FROM: 'a@b.example' }],
    ['MAIL_FROM', { SMTP_URL: 'smtp://mail.example' }],
    ['MAIL_FROM', { MAIL_FROM: 'Ana <ana@example.com>' }],
    ['INSTANCES', { INSTANCES: '0' }],
    ['WORKERS', { WORKERS: '0' }],
    ['WORKERS', { WORKERS: '65' }],
    ['TRUSTED_PROXY_HOPS', { TRUSTED_PROXY_HOPS: 'all' }],
    ['LOG_LEVEL', { LOG_LEVEL: 'verbose' }],
    ['RETENTION_DAYS', { RETENTION_DAYS: '0' }],
    ['SHUTDOWN_SECONDS', { SHUTDOWN_SECONDS: '0' }],
    ['LIMITS_SCALE', { LIMITS_SCALE: '0' }],
    ['LIMITS_SCALE', { LIMITS_SCALE: '-1' }],
    ['LIMITS_SCALE', { LIMITS_SCALE: 'Infinity' }],
  ])('%s: a mistake in it is named, with what to write', (name, env) => {
    const problems = problemsOf(env)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(name)
    expect(problems[0]).toMatch(/write|unset|make|there is only|set both|give|must be/)
  })

  test('one start tells every mistake, one a line', () => {
    const problems = problemsOf({ PORT: 'x', INSTANCES: 'y', ASE_NOTHING: '1' })
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(['ASE_NOTHING', 'PORT', 'INSTANCES'])
    expect(new ConfigError(problems).message.split('\n')).toHaveLength(3)
  })

  test('no problem quotes a secret', () => {
    const weak = Buffer.alloc(40, 'swordfish').toString('base64url')
    const said = problemsOf({
      MASTER_KEYS: `k1:${weak}`,
      CODE_PEPPER: weak,
      MONGODB_URI: 'postgres://u:hunter2@db',
      SMTP_URL: 'http://u:hunter2@mail',
    }).join()
    expect(said).not.toContain(weak)
    expect(said).not.toContain('hunter2')
  })
})
