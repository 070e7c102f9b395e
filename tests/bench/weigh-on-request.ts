import * as z from 'zod/mini'

/** Loaded into a backend before it starts (with `--expose-gc`): answers what it weighs after a full collection. */

const request = z.object({ type: z.literal('weigh') })

process.on('message', (message) => {
  if (!request.safeParse(message).success) return
  // Gives what is free back to the system at once; an ordinary collection keeps hundreds of megabytes for later.
  globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
  const { rss, heapUsed, external } = process.memoryUsage()
  process.send?.({ type: 'weight', rss, heapUsed, external })
})
