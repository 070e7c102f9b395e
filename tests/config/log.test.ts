import { expect, test } from 'vitest'
import { createLog } from '../../backend/log.ts'

const logged = (write: (log: ReturnType<typeof createLog>) => void): string => {
  const lines: string[] = []
  write(createLog('trace', { write: (line: string) => void lines.push(line) }))
  return lines.join('')
}

test.each([
  'authorization',
  'cookie',
  'set-cookie',
  'checkpoint-token',
  'token',
  'code',
  'session_key',
  'step_token',
  'email',
  'previous_email',
  'mailbox',
  'phone',
  'secret',
  'secret_key',
  'api_key',
  'password',
  'pepper',
  'key',
])('%s is never written, at any depth that we log', (name) => {
  const hidden = `hidden-${name}`
  const text = logged((log) => {
    log.info({ [name]: hidden }, 'top')
    log.info({ user: { [name]: hidden } }, 'second')
    log.info({ req: { headers: { [name]: hidden } } }, 'third')
    log.info({ a: { b: { c: { [name]: hidden } } } }, 'fourth')
    log.child({ [name]: hidden }).info('child')
  })
  expect(text).not.toContain(hidden)
  expect(text.match(/\[redacted\]/g)).toHaveLength(5)
})

test('an error tells its message, cause and code, and none of its other properties', () => {
  const cause = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED', document: 'private' })
  const text = logged((log) => log.error({ err: new Error('the store is away', { cause }) }, 'failed'))
  expect(JSON.parse(text)).toMatchObject({
    level: 'error',
    msg: 'failed',
    err: {
      type: 'Error',
      message: 'the store is away',
      cause: { message: 'connect refused', error_code: 'ECONNREFUSED' },
    },
  })
  expect(text).not.toContain('private')
})
