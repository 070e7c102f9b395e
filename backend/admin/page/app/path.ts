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

const partsOf = (pattern: string): { path: string; names: string[] } => {
  const [path = '', query = ''] = pattern.split('?')
  return { path, names: query === '' ? [] : query.split('&') }
}

/** What stands in the path under the pattern's names; null when it is another path, or none that can be read. */
const readPath = (path: string, pathname: string): Record<string, string> | null => {
  const shape = new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)').replace('*', '.*')}$`)
  try {
    const found = shape.exec(pathname)
    const values = Object.entries(found?.groups ?? {})
    return found && Object.fromEntries(values.map(([name, value]) => [name, decodeURIComponent(value)]))
  } catch {
    return null
  }
}

const isWhole = <Pattern extends string>(pattern: Pattern, read: object): read is Params<Pattern> => {
  const { path, names } = partsOf(pattern)
  return (
    [...path.matchAll(/:(\w+)/g)].every(([, name = '']) => name in read) &&
    names.every((name) => name in read)
  )
}

/** What the address says under the pattern; null when it is none of the pattern's. */
export const readAddress = <Pattern extends string>(pattern: Pattern, url: URL): Params<Pattern> | null => {
  const { path, names } = partsOf(pattern)
  const inPath = readPath(path, url.pathname)
  if (inPath === null) return null
  const inQuery = names.map((name) => [name, url.searchParams.get(name)] as const)
  const read = { ...inPath, ...Object.fromEntries(inQuery) }
  return isWhole(pattern, read) ? read : null
}

/** The address that says this, with the environment when one is named. What is null is left out of the query. */
export const writeAddress = (pattern: string, values: object, environment: string | null): string => {
  const said = new Map<string, unknown>(Object.entries(values))
  const { path, names } = partsOf(pattern)
  const written = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(`${said.get(name)}`))
  const query = new URLSearchParams(environment === null ? {} : { environment })
  for (const name of names) {
    const value = said.get(name)
    if (typeof value === 'string') query.set(name, value)
  }
  return `${written}${query.size === 0 ? '' : `?${query}`}`
}

/** A value of a closed set as an address writes it; null for any other. */
export const oneOf = <Value extends string>(values: readonly Value[], text: string | null): Value | null =>
  values.find((value) => value === text) ?? null
