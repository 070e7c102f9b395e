import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  type BackendProcess,
  ensureBuilt,
  freePorts,
  startBackend,
  temporaryFolder,
} from './backend-process.ts'

/** What the environment says of slow clients and of their number holds at both doors of a real backend. */

let folder: { path: string; remove: () => Promise<void> }
let backend: BackendProcess
let ports: number[]
beforeAll(async () => {
  ensureBuilt()
  folder = await temporaryFolder()
  ports = await freePorts(2)
  const [port, adminPort] = ports
  backend = startBackend({
    DATA_DIR: folder.path,
    PORT: String(port),
    ADMIN_PORT: String(adminPort),
    HEADERS_TIMEOUT_SECONDS: '1',
    REQUEST_TIMEOUT_SECONDS: '1',
    MAX_CONNECTIONS: '3',
    ADMIN_MAX_CONNECTIONS: '3',
  })
  await backend.ready
})
afterAll(async () => {
  await backend.end('SIGTERM')
  await folder.remove()
})

const talk = (port: number, first: string): Promise<string> => {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8')
  let text = ''
  socket.on('data', (chunk: string) => {
    text += chunk
  })
  socket.on('error', () => undefined)
  socket.write(first)
  return new Promise((resolve) => socket.once('close', () => resolve(text)))
}

it.each([
  ['the API', 0, '/checkpoint/intent'],
  ['the analysts’ page', 1, '/api/login'],
])(
  '%s: a body that never ends is answered 408, and only so many may try at once',
  async (_name, door, path) => {
    const port = ports[door] ?? 0
    const begun = `POST ${path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{`
    const answers = await Promise.all(Array.from({ length: 6 }, () => talk(port, begun)))
    expect(answers.filter((answer) => answer.includes('408 Request Timeout'))).toHaveLength(3)
    expect(answers.filter((answer) => answer === '')).toHaveLength(3)
  },
)
