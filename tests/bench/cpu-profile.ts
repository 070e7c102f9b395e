import { Session } from 'node:inspector/promises'
import { relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = resolve(import.meta.dirname, '../..')
const rowsShown = 30

type Frame = { functionName: string; url: string; lineNumber: number }

const fileOf = ({ url }: Frame): string => {
  if (url === '') return '(engine)'
  if (!url.startsWith('file:')) return url
  return relative(root, fileURLToPath(url))
}

/** `node_modules/zod/v4/core/parse.js` belongs to `zod`; our own files stand for themselves. */
const ownerOf = (file: string): string =>
  /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? (file.startsWith('node:') ? 'node' : file)

const ranked = (title: string, micros: ReadonlyMap<string, number>, busy: number): string[] => [
  title,
  ...[...micros]
    .sort((a, b) => b[1] - a[1])
    .slice(0, rowsShown)
    .map(([name, spent]) => `${((100 * spent) / busy).toFixed(1).padStart(6)} %  ${name}`),
]

type Profile = {
  nodes: { id: number; callFrame: Frame; children?: number[] }[]
  samples?: number[]
  timeDeltas?: number[]
}

const addTo = (table: Map<string, number>, name: string, micros: number): void => {
  table.set(name, (table.get(name) ?? 0) + micros)
}

/** Where the busy time went: by owner, by function, and by our own functions with all that they call. */
const describe = ({ nodes, samples = [], timeDeltas = [] }: Profile): string[] => {
  const frames = new Map(nodes.map((node) => [node.id, node.callFrame]))
  const callers = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id])))
  const byOwner = new Map<string, number>()
  const byFunction = new Map<string, number>()
  const inclusive = new Map<string, number>()
  const nameOf = (frame: Frame) =>
    `${frame.functionName || '(anonymous)'}  ${fileOf(frame)}:${frame.lineNumber + 1}`
  let elapsed = 0
  let busy = 0
  samples.forEach((id, i) => {
    const frame = frames.get(id)
    const spent = timeDeltas[i] ?? 0
    if (frame === undefined || frame.url === 'node:inspector') return
    elapsed += spent
    if (frame.functionName === '(idle)') return
    busy += spent
    const file = fileOf(frame)
    addTo(byOwner, file === '(engine)' ? `(engine) ${frame.functionName}` : ownerOf(file), spent)
    addTo(byFunction, nameOf(frame), spent)
    const onStack = new Set<string>()
    for (let at: number | undefined = id; at !== undefined; at = callers.get(at)) {
      const caller = frames.get(at)
      if (caller !== undefined && fileOf(caller).startsWith('backend/')) onStack.add(nameOf(caller))
    }
    for (const name of onStack) addTo(inclusive, name, spent)
  })
  return [
    `busy ${((100 * busy) / elapsed).toFixed(0)} % of the time; shares are of the busy time`,
    ...ranked('Self time by package or file', byOwner, busy),
    ...ranked('Self time by function', byFunction, busy),
    ...ranked('Our own functions with all that they call', inclusive, busy),
  ]
}

/** Samples this process from now on. The answer ends that and says where the busy time went, as lines of a report. */
export const startProfile = async (): Promise<() => Promise<string[]>> => {
  const session = new Session()
  session.connect()
  await session.post('Profiler.enable')
  await session.post('Profiler.setSamplingInterval', { interval: 200 })
  await session.post('Profiler.start')
  return async () => {
    const { profile } = await session.post('Profiler.stop')
    session.disconnect()
    return describe(profile)
  }
}
