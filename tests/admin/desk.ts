import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp } from '../../backend/app.ts'
import type { StaticFiles } from '../../backend/http/static-files.ts'
import { createAdminAccount } from '../../backend/org/create-admin-account.ts'
import { noFiles, openOrganisation, openWorld, type World, type WorldOptions } from '../support/world.ts'

/** An analyst's desk: a whole backend, the analysts' app beside it on a port of its own, and who talks to it. */
export type Desk = {
  world: World
  origin: string
  /** What the process does first when it is told to stop. */
  drain: () => void
  close: () => Promise<void>
}

export const password = 'correct horse battery staple'

/** A live view looks ten times as often here; what it does is the same. */
const pace = { pollMs: 100, heartbeatMs: 50 }

export const openDesk = async (
  options: WorldOptions & { files?: StaticFiles; adminOrigin?: string } = {},
): Promise<Desk> => {
  let handle: RequestListener = (_request, response) => response.writeHead(503).end()
  const server = createServer((request, response) => handle(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const origin = `http://127.0.0.1:${port}`
  const env = { ADMIN_ORIGIN: options.adminOrigin ?? origin, ...options.env }
  const world = await openWorld({ ...options, env })
  const health = { store: world.store, waived: [], draining: () => false }
  const app = createApp(world.deps, health, options.files ?? noFiles, 'test', pace).desk
  handle = app.callback()
  return {
    world,
    origin,
    drain: () => app.emit('drain'),
    close: async () => {
      app.emit('drain')
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await world.close()
    },
  }
}

export const addAnalyst = async (desk: Desk, orgId: string, email: string): Promise<void> => {
  const created = await createAdminAccount(desk.world.deps, {
    org_id: orgId,
    email,
    password,
    role: 'analyst',
  })
  if (!created.ok) throw new Error(created.reason)
}

export type Reply = { status: number; headers: Headers; text: string; body: Record<string, unknown> }

const reply = async (response: Response): Promise<Reply> => {
  const text = await response.text()
  const isJson = /json/.test(response.headers.get('content-type') ?? '')
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} }
}

export const postJson = async (
  desk: Desk,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> =>
  reply(
    await fetch(`${desk.origin}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: desk.world.deps.config.adminOrigin, ...headers },
      body: JSON.stringify(body),
    }),
  )

export const getJson = async (desk: Desk, path: string, cookie: string | null): Promise<Reply> =>
  reply(await fetch(`${desk.origin}${path}`, { headers: cookie === null ? {} : { cookie } }))

export const cookieOf = (headers: Headers): string => (headers.get('set-cookie') ?? '').split(';')[0] ?? ''

/** Logs in and answers the cookie. */
export const logIn = async (desk: Desk, email: string): Promise<string> => {
  const answered = await postJson(desk, '/api/login', { email, password })
  if (answered.status !== 200) throw new Error(`login: ${answered.status} ${answered.text}`)
  return cookieOf(answered.headers)
}

/** An organisation with one analyst, who has logged in. */
export const openOffice = async (desk: Desk, email: string) => {
  const organisation = await openOrganisation(desk.world)
  await addAnalyst(desk, organisation.id, email)
  return { ...organisation, cookie: await logIn(desk, email) }
}
