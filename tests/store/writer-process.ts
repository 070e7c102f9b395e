import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface, type Interface } from 'node:readline'

export type WriterProcess = { process: ChildProcess; lines: Interface }

/** Starts a real process that writes to the file and prints a line for each write that was acknowledged to it. */
export const startWriter = (task: 'race' | 'pour', path: string, name: string): WriterProcess => {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'writer.ts'), task, path, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return { process: child, lines: createInterface({ input: child.stdout }) }
}

/** Everything that it prints until it ends; throws when it ends badly. */
export const linesOf = async (writer: WriterProcess): Promise<string[]> => {
  const ended = once(writer.process, 'exit')
  const lines: string[] = []
  for await (const line of writer.lines) lines.push(line)
  const [code] = await ended
  if (code !== 0) throw new Error(`a writer ended with ${String(code)}`)
  return lines
}
