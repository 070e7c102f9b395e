import * as z from 'zod/mini'

/** Loaded into a backend before it starts (with `--expose-gc`): answers what it weighs after a full collection. */

const request = z.object({ type: z.literal('weigh') })

process.on('message', (message) => {
  if (!request.safeParse(message).success) return
  // The second collects what finalizers of the first have let go.
  for (let round = 0; round < 2; round += 1) globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  process.send?.({ type: 'weight', rss, heapUsed, external })
})
