import { createServer, type Server } from 'node:net'
import type { Config } from '../config.ts'

/** Both doors of an instance: which port each has, and the variable that says so. */
export const doorsOf = ({ port, adminPort }: Pick<Config, 'port' | 'adminPort'>) => ({
  public: { port, variable: 'PORT' },
  desk: { port: adminPort, variable: 'ADMIN_PORT' },
})

type Door = { port: number; variable: string }

/**
 * Resolves when `server` listens; rejects with a sentence that names the variable. `isShared`: other workers listen on the
 * same port, and the system gives each connection to one of them (SO_REUSEPORT, which Linux and FreeBSD have). Node's own
 * way, by which the primary accepts and hands on, forgets the connection that a dying worker was being handed: its
 * client waits for ever.
 */
export const listenAt = <S extends Server>(
  server: S,
  { port, variable }: Door,
  { host, isShared }: { host: string; isShared: boolean },
): Promise<S> =>
  new Promise((resolve, reject) => {
    server.once('error', (fault) =>
      reject(new Error(`${variable}: can't listen on ${host}:${port} (${fault.message}); choose another`)),
    )
    server.listen({ port, host, reusePort: isShared }, () => resolve(server))
  })

/** Whoever shares a port is not told that another instance has it. Asked once, before the workers start. */
export const refuseTakenPorts = async (
  config: Pick<Config, 'port' | 'adminPort' | 'host'>,
): Promise<void> => {
  for (const door of Object.values(doorsOf(config))) {
    const probe = await listenAt(createServer(), door, { host: config.host, isShared: false })
    await new Promise((resolve) => probe.close(resolve))
  }
}
