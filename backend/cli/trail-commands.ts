import { verifyTrail } from '../audit/verify.ts'
import { readTrail, type TrailPage } from '../org/read-trail.ts'
import { type Command, given, knownOrganisation, type Tools, UsageError, type Values } from './command.ts'

/** Commands that print and check an organisation's trail. */

async function* pagesOf(orgId: string, tools: Tools): AsyncGenerator<TrailPage> {
  let after: number | null = 0
  while (after !== null) {
    const page: TrailPage = await readTrail(tools, orgId, after)
    yield page
    after = page.next
  }
}

type Entry = TrailPage['entries'][number]

const metaWords = (meta: Entry['meta']): string =>
  Object.entries(meta)
    .map(([name, value]) => `${name}=${Array.isArray(value) ? value.join(',') : value}`)
    .join(' ')

const lineOf = ({ seq, at, actor, action, meta }: Entry): string =>
  `${String(seq).padStart(5)}  ${new Date(at).toISOString()}  ${action.padEnd(26)} ${actor}  ${metaWords(meta)}`

const show = async (values: Values, tools: Tools): Promise<void> => {
  const { _id: org } = await knownOrganisation(values, tools)
  const entries: Entry[] = []
  let head: TrailPage['head'] = null
  for await (const page of pagesOf(org, tools)) {
    head = page.head
    if (values['json'] === true) entries.push(...page.entries)
    else for (const entry of page.entries) console.log(lineOf(entry))
  }
  if (values['json'] === true) console.log(JSON.stringify({ entries, head }, null, 2))
  else if (head === null) console.log(`${org} has no entries yet: they begin with its next change`)
}

const headOf = (text: string | null): { seq: number; hash: string } | null => {
  if (text === null) return null
  const [, seq, hash] = /^(\d{1,12}):([A-Za-z0-9_-]{43})$/.exec(text) ?? []
  if (seq === undefined || hash === undefined)
    throw new UsageError('--head must be a number and a hash, as trail verify printed it: 12:Yk3…')
  return { seq: Number(seq), hash }
}

/** Checks the whole chain, a stretch at a time, by the reader that imports none of our code. */
const verify = async (values: Values, tools: Tools): Promise<void> => {
  const { _id: org } = await knownOrganisation(values, tools)
  const kept = headOf(given(values, 'head'))
  let head: TrailPage['head'] = null
  let isKeptThere = kept === null
  for await (const page of pagesOf(org, tools)) {
    const integrity = verifyTrail(page.entries, page.head, head)
    if (!integrity.ok) throw new UsageError(`${org}: ${integrity.fault} at entry ${integrity.seq}`)
    isKeptThere ||= page.entries.some(({ seq, hash }) => seq === kept?.seq && hash === kept.hash)
    head = page.head
  }
  if (!isKeptThere) throw new UsageError(`${org}: the head that you kept is not in the trail any more`)
  if (head === null) return console.log(`${org}: no entries yet`)
  console.log(`${org}: ${head.seq} entries, unbroken`)
  console.log(`keep this elsewhere: ${head.seq}:${head.hash}`)
}

export const trailCommands: Record<string, Command> = {
  trail: { needsStore: true, options: ['org', 'json'], run: show },
  'trail verify': { needsStore: true, options: ['org', 'head'], run: verify },
}
