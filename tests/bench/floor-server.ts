import { randomBytes, randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { bodyParser } from '@koa/bodyparser'
import Router from '@koa/router'
import { jwtVerify, SignJWT } from 'jose'
import Koa from 'koa'
import * as z from 'zod/mini'
import type { CollectionDefinition } from '../../backend/store/port.ts'
import { openSqlite } from '../../backend/store/sqlite.ts'
import { openOn } from '../support/mongo/open-on.ts'
import { type Order, type OrderAnswer, serveOrders } from './control.ts'

/**
 * The floor: the least that the same libraries could do and still be durable. `/echo` answers the body that it was sent
 * after one insert; `/lines` stores each line that it was sent; `/verify` checks a token's signature and spends it with one compare-and-set. No contract, no caller,
 * no judgement, no trail.
 */

const note = z.strictObject({
  _id: z.string(),
  org_id: z.string(),
  version: z.int(),
  purge_at: z.nullable(z.int()),
  text: z.string(),
})
type Note = z.infer<typeof note>
const notes: CollectionDefinition<Note> = {
  name: 'notes',
  parse: (stored) => note.parse(stored),
  indexes: [],
}

const [, , dataDir = '', mongodbUri] = process.argv
mkdirSync(dataDir, { recursive: true })
const store =
  mongodbUri === undefined ? openSqlite({ path: join(dataDir, 'floor.db') }) : await openOn(mongodbUri)
await store.prepare([notes])
const collection = store.collection(notes)
const secret = randomBytes(32)
let filler = ''

const noteOf = (id: string): Note => ({
  _id: id,
  org_id: 'org_floor',
  version: 1,
  purge_at: null,
  text: filler,
})

const linesAtOnce = 64
const lineBody = z.object({ key: z.string() })
const tokenBody = z.object({ token: z.string() })

const router = new Router()
router.post('/echo', async (ctx) => {
  await collection.insert(noteOf(randomUUID()))
  ctx.body = ctx.request.body
})
router.post('/lines', async (ctx) => {
  const lines = String(ctx.request.body).split('\n')
  for (let from = 0; from < lines.length; from += linesAtOnce)
    await Promise.all(
      lines.slice(from, from + linesAtOnce).map((line) => {
        const { key } = lineBody.parse(JSON.parse(line))
        return collection.insert({ ...noteOf(key), text: line })
      }),
    )
  ctx.body = { learned: lines.length }
})
router.post('/verify', async (ctx) => {
  const { token } = tokenBody.parse(ctx.request.body)
  const { payload } = await jwtVerify(token, secret, { algorithms: ['HS256'] })
  const { ok } = await collection.replace(noteOf(payload.jti ?? ''), 1)
  ctx.body = { valid: ok }
})

const mintToken = async (): Promise<string> => {
  const id = randomUUID()
  await collection.insert(noteOf(id))
  return new SignJWT({}).setProtectedHeader({ alg: 'HS256' }).setJti(id).setExpirationTime('10m').sign(secret)
}

const carryOut = async (order: Order): Promise<OrderAnswer> => {
  if (order.do === 'set_size') {
    filler = 'x'.repeat(order.bytes)
    return null
  }
  if (order.do === 'mint_tokens') return Promise.all(Array.from({ length: order.count }, mintToken))
  throw new Error(`the floor cannot ${order.do}`)
}

const app = new Koa()
app.use(
  bodyParser({
    enableTypes: ['json', 'text'],
    extendTypes: { text: ['application/x-ndjson'] },
    textLimit: '16mb',
  }),
)
app.use(router.routes())
const server = createServer(app.callback())
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  serveOrders({ port, engine: store.engine, key: '' }, carryOut)
})
