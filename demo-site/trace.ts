import { EventEmitter } from 'node:events'
import type { Exchange } from './checkpoint-client.ts'
import { masked } from './mask.ts'
import type { TraceEntry } from './views/trace-list.ts'

const keptEntries = 60

/** What one signed-in browser may see of the bank's conversations; the newest entries, in memory only. */
export class Trace extends EventEmitter<{ entry: [TraceEntry] }> {
  #entries: TraceEntry[] = []
  #nextId = 1

  get entries(): readonly TraceEntry[] {
    return this.#entries
  }

  after(id: number): TraceEntry[] {
    return this.#entries.filter((entry) => entry.id > id)
  }

  /** Records a call to Anti Social Engine. */
  engine(exchange: Exchange): void {
    const answer = masked(exchange.answer)
    this.#add({
      lane: 'engine',
      request: `POST ${exchange.path}`,
      headers: Object.entries(exchange.headers)
        .map(([name, value]) => `${name}: ${masked(value, name)}`)
        .join('\n'),
      body: JSON.stringify(masked(exchange.body), null, 2),
      status: exchange.status,
      answer: exchange.status === null ? `No answer: ${exchange.missed}.` : JSON.stringify(answer, null, 2),
      took_ms: Math.round(exchange.tookMs),
      gist: gistOf(exchange),
      reasons: reasonsOf(exchange.answer),
      source: sourceOf(exchange.path),
    })
  }

  /** Records what the bank answered to its own browser. */
  browser(request: string, status: number, answer: object | string, gist: string): void {
    this.#add({
      lane: 'browser',
      request,
      headers: '',
      body: '',
      status,
      answer: typeof answer === 'string' ? answer : JSON.stringify(masked(answer), null, 2),
      took_ms: null,
      gist,
      reasons: [],
      source: 'answer',
    })
  }

  #add(entry: Omit<TraceEntry, 'id' | 'at'>): void {
    const added = { ...entry, id: this.#nextId++, at: new Date().toISOString() }
    this.#entries = [...this.#entries, added].slice(-keptEntries)
    this.emit('entry', added)
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const gistOf = ({ path, status, answer, missed }: Exchange): string => {
  if (status === null)
    return path.endsWith('/result') ? `not told: ${missed}` : `${missed}: nothing is carried out`
  if (!isRecord(answer)) return 'answered without a body'
  if (path === '/events/ingest' && 'outcome' in answer)
    return `${String(answer['outcome'])} · score ${String(answer['score'])} of 100${isRecord(answer['hold']) ? ' · on hold' : ''}`
  if (path === '/decisions/verify' && 'valid' in answer)
    return answer['valid'] === true
      ? 'valid: carry it out, once'
      : `not valid (${String(answer['code'])}): carry nothing out`
  if (path === '/history' && 'learned' in answer)
    return `${String(answer['learned'])} past events learned; none of them was judged`
  if (path.endsWith('/result') && status < 300) return 'told what became of it'
  return `refused: ${String(answer['code'] ?? status)}`
}

const reasonsOf = (answer: unknown): { code: string; points: number }[] => {
  if (!isRecord(answer) || !Array.isArray(answer['reasons'])) return []
  return answer['reasons']
    .filter(isRecord)
    .flatMap(({ code, points }) =>
      typeof code === 'string' && typeof points === 'number' ? [{ code, points }] : [],
    )
}

const sources: Record<string, TraceEntry['source']> = {
  '/history': 'history',
  '/events/ingest': 'ask',
  '/decisions/verify': 'settle',
}

const sourceOf = (path: string): TraceEntry['source'] => sources[path] ?? 'report'
