import type { ChildProcess } from 'node:child_process'
import * as z from 'zod/mini'

/** A process that another one keeps. */
export interface Child {
  /** Its first message; rejects with a sentence when it ends before. */
  ready: Promise<unknown>
  /** Settles with how the process ended: a signal, an exit code, or why it never began. */
  ended: Promise<string>
  /** Asks it to end and waits; a process that does not end in time is ended. */
  stop(): Promise<void>
}

/** `name`: as a sentence begins with it. `drainWithinMs`: how long it may take to end. */
export const childOf = (name: string, child: ChildProcess, drainWithinMs: number): Child => {
  const ended = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => resolve(signal ?? `exit code ${code}`))
    child.once('error', (fault) => resolve(fault.message))
  })
  return { ready: firstReady(name, child, ended), ended, stop: () => stop(child, ended, drainWithinMs) }
}

const readyMessage = z.looseObject({ type: z.literal('ready') })

const firstReady = (name: string, child: ChildProcess, ended: Promise<string>): Promise<unknown> =>
  new Promise((resolve, reject) => {
    child.on('message', (message) => {
      if (z.safeParse(readyMessage, message).success) resolve(message)
    })
    ended.then(() => reject(new Error(`${name} ended before it was ready.`)))
  })

const stop = async (child: ChildProcess, ended: Promise<string>, drainWithinMs: number): Promise<void> => {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM')
  const impatience = setTimeout(() => child.kill('SIGKILL'), drainWithinMs)
  await ended
  clearTimeout(impatience)
}
