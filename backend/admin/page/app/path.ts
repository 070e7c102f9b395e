/**
 * Addresses, read and written by one declaration: `/sessions/:id` has a value in its path, `/effectiveness?by&days` has two
 * in its query, `/*` is every address. (URLPattern reads addresses and writes none, and browsers of last year don't know it.)
 */

type InPath<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | InPath<Rest>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never

type InQuery<Query extends string> = Query extends `${infer Name}&${infer Rest}`
  ? Name | InQuery<Rest>
  : Query

/** What an address says: all that stands in its path, and null for what its query leaves out. */
export type Params<Pattern extends string> = Pattern extends `${infer Path}?${infer Query}`
  ? { [Name in InPath<Path>]: string } & { [Name in InQuery<Query>]: string | null }
  : { [Name in InPath<Pattern>]: string }

const partsOf = (pattern: string): { segments: string[]; names: string[] } => {
  const [path = '', query = ''] = pattern.split('?')
  return { segments: path.split('/'), names: query === '' ? [] : query.split('&') }
}

const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/** What stands in the path under the pattern's names; null when the path is another. */
const readPath = (segments: readonly string[], pathname: string): Map<string, string> | null => {
  if (segments.at(-1) === '*') return new Map()
  const given = pathname.split('/')
  if (given.length !== segments.length) return null
  const values = new Map<string, string>()
  for (const [at, segment] of segments.entries()) {
    const value = given[at] ?? ''
    if (!segment.startsWith(':')) {
      if (segment !== value) return null
      continue
    }
    const text = decoded(value)
    if (text === null || text === '') return null
    values.set(segment.slice(1), text)
  }
  return values
}

const isWhole = <Pattern extends string>(pattern: Pattern, read: unknown): read is Params<Pattern> => {
  const { segments, names } = partsOf(pattern)
  const inPath = segments.filter((segment) => segment.startsWith(':')).map((segment) => segment.slice(1))
  return typeof read === 'object' && read !== null && [...inPath, ...names].every((name) => name in read)
}

/** What the address says under the pattern; null when it is none of the pattern's. */
export const readAddress = <Pattern extends string>(pattern: Pattern, url: URL): Params<Pattern> | null => {
  const { segments, names } = partsOf(pattern)
  const inPath = readPath(segments, url.pathname)
  if (inPath === null) return null
  const inQuery = names.map((name) => [name, url.searchParams.get(name)] as const)
  const read: unknown = Object.fromEntries([...inPath, ...inQuery])
  return isWhole(pattern, read) ? read : null
}

/** The address that says this, with the environment when one is named. What is null is left out of the query. */
export const writeAddress = (pattern: string, values: object, environment: string | null): string => {
  const said = new Map<string, unknown>(Object.entries(values))
  const { segments, names } = partsOf(pattern)
  const path = segments.map((segment) =>
    segment.startsWith(':') ? encodeURIComponent(`${said.get(segment.slice(1))}`) : segment,
  )
  const query = new URLSearchParams(environment === null ? {} : { environment })
  for (const name of names) {
    const value = said.get(name)
    if (typeof value === 'string') query.set(name, value)
  }
  return `${path.join('/')}${query.size === 0 ? '' : `?${query}`}`
}

/** A value of a closed set as an address writes it; null for any other. */
export const oneOf = <Value extends string>(values: readonly Value[], text: string | null): Value | null =>
  values.find((value) => value === text) ?? null
