import type { Query } from './port.ts'

type Read<Row> = (query: Query) => Promise<Row[]>
/** Behind which row a query goes on. */
type PositionOf<Row> = (row: Row) => Query['after']

/**
 * The pages of a query, from its beginning to its end. Rows that can't be read are told to the query's `onUnreadable`, and
 * a page that lacks them is not taken for the last one.
 */
export const pagesOf = async function* <Row>(
  read: Read<Row>,
  query: Query,
  positionOf: PositionOf<Row>,
): AsyncGenerator<{ rows: Row[]; isLast: boolean }> {
  let after = query.after
  for (;;) {
    let unreadable = 0
    const rows = await read({
      ...query,
      ...(after && { after }),
      ...(query.onUnreadable && {
        onUnreadable: (fault: Error) => {
          unreadable += 1
          query.onUnreadable?.(fault)
        },
      }),
    })
    const last = rows.at(-1)
    const isLast = last === undefined || rows.length + unreadable < query.limit
    yield { rows, isLast }
    if (isLast) return
    after = positionOf(last)
  }
}

/**
 * Looks through a query for up to `wanted` rows that fit, and through no more than `most`, so that what is rare can't hold
 * the store. `reached`: the last row that was looked at; `isEnd`: nothing lies behind it.
 */
export const searchIn = async <Row>(
  read: Read<Row>,
  query: Query,
  positionOf: PositionOf<Row>,
  { fits, wanted, most }: { fits: (row: Row) => boolean; wanted: number; most: number },
): Promise<{ found: Row[]; reached: Row | null; isEnd: boolean }> => {
  const found: Row[] = []
  let reached: Row | null = null
  let looked = 0
  for await (const { rows, isLast } of pagesOf(read, query, positionOf)) {
    for (const row of rows) {
      reached = row
      if (fits(row)) found.push(row)
      if (found.length === wanted) return { found, reached, isEnd: false }
    }
    looked += query.limit
    if (isLast || looked >= most) return { found, reached, isEnd: isLast }
  }
  return { found, reached, isEnd: true }
}
