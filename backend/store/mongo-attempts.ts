import { type CommandStartedEvent, type MongoClient, ObjectId } from 'mongodb'

/** How often a write was sent. It names itself by `comment`, which the server only logs. */
export type Attempts = {
  /** Starts to count what is sent under this id. */
  of(writeId: ObjectId): { sent(): number; forget(): void }
}

/**
 * The driver repeats a write by itself when its reply was lost. A server that has kept the first answer gives it again;
 * after any other, *nothing matched* may mean that the first attempt did it. So we must know whether there were two
 * (driver manual, Command Monitoring). The client must be made with `monitorCommands`.
 */
export const countAttempts = (client: MongoClient): Attempts => {
  const counts = new Map<string, number>()
  client.on('commandStarted', ({ command }: CommandStartedEvent) => {
    const { comment } = command
    if (!(comment instanceof ObjectId)) return
    const id = comment.toHexString()
    const sent = counts.get(id)
    if (sent !== undefined) counts.set(id, sent + 1)
  })
  return {
    of: (writeId) => {
      const id = writeId.toHexString()
      counts.set(id, 0)
      return { sent: () => counts.get(id) ?? 0, forget: () => counts.delete(id) }
    },
  }
}
