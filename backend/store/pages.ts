import type { Query } from './port.ts'

/**
 * The pages of a query, from its beginning to its end. `positionOf`: behind which row the next page goes on. Rows that can't
 * be read are told to the query's `onUnreadable`, and a page that lacks them is not taken for the last one.
 */
export const pagesOf = async function* <Row>(
  read: (query: Query) => Promise<Row[]>,
  query: Query,
  positionOf: (row: Row) => Query['after'],
): AsyncGenerator<Row[]> {
  let after = query.after
  for (;;) {
    let unreadable = 0
    const page = await read({
      ...query,
      ...(after && { after }),
      ...(query.onUnreadable && {
        onUnreadable: (fault: Error) => {
          unreadable += 1
          query.onUnreadable?.(fault)
        },
      }),
    })
    yield page
    const last = page.at(-1)
    if (last === undefined || page.length + unreadable < query.limit) return
    after = positionOf(last)
  }
}
