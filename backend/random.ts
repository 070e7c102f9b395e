import { randomFillSync } from 'node:crypto'

const poolBytes = 4096
const pool = Buffer.alloc(poolBytes)
let given = poolBytes

/**
 * Random bytes for secrets, ids and nonces, from the system's generator. A request wants a few bytes five times, and each
 * call of the generator costs as much as filling the whole pool. No byte is given twice, and the pool forgets what it gave.
 */
export const randomBytes = (count: number): Buffer => {
  const bytes = Buffer.alloc(count)
  if (count > poolBytes) return randomFillSync(bytes)
  if (given + count > poolBytes) {
    randomFillSync(pool)
    given = 0
  }
  pool.copy(bytes, 0, given, given + count)
  pool.fill(0, given, given + count)
  given += count
  return bytes
}
