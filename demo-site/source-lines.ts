import { readFileSync } from 'node:fs'

/**
 * The lines that *behind the scenes* shows are the lines that ran: cut from the bank's own source at start, so that
 * they can't drift apart.
 */
export interface SourceLines {
  file: string
  code: string
}

const cut = (file: string, from: RegExp, to: RegExp): SourceLines => {
  const lines = readFileSync(new URL(file, import.meta.url), 'utf8').split('\n')
  const start = lines.findIndex((line) => from.test(line))
  const length = lines.slice(start).findIndex((line) => to.test(line))
  if (start < 0 || length < 0) throw new Error(`${file} has no lines from ${from} to ${to}`)
  const found = lines.slice(start, start + length + 1)
  const indent = Math.min(
    ...found.filter((line) => line.trim()).map((line) => /^ */.exec(line)?.[0].length ?? 0),
  )
  return {
    file: `demo-site/${file.replace('./', '')}`,
    code: found.map((line) => line.slice(indent)).join('\n'),
  }
}

export const sourceLines = {
  history: cut('./checkpoint-client.ts', /async history/, /^ {4}}/),
  ask: cut('./protected-action.ts', /const answer = await desk\.client\.ingest/, /^ {2}}$/),
  settle: cut(
    './protected-action.ts',
    /const decision = await desk\.client\.verify/,
    /const done = visit\.ledger/,
  ),
  report: cut('./checkpoint-client.ts', /async reportResult/, /^ {4}}/),
  answer: cut('./page/main.ts', /const guardedFetch/, /^ {2}}\)$/),
}
