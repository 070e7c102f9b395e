import { createServer, type Server } from 'node:net'

/**
 * Finds out before anything starts whether the ports are free, so that the answer is one sentence and not a stack.
 * Port 0 is answered with a free one. All are held until the last is known, so that no two get the same.
 */
export const freePorts = async (wanted: Record<string, number>): Promise<FreePorts> => {
  const held: Server[] = []
  const ports: Record<string, string> = {}
  try {
    for (const [name, port] of Object.entries(wanted)) {
      const server = createServer()
      const found = await hold(server, port)
      if (found === null) return { ok: false, problem: takenSentence(name, port) }
      held.push(server)
      ports[name] = String(found)
    }
    return { ok: true, ports }
  } finally {
    await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))))
  }
}

/** Ports as environment variables, by the variables' names; or one sentence that names the taken one. */
export type FreePorts = { ok: true; ports: Record<string, string> } | { ok: false; problem: string }

const takenSentence = (name: string, port: number): string =>
  `Port ${port} can't be used, probably because something else listens there. Set ${name} to another one, for example ${name}=${port + 100}.`

/** The port that is held now, or null when it can't be had. */
const hold = (server: Server, port: number): Promise<number | null> =>
  new Promise((resolve) => {
    server.once('error', () => resolve(null))
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
