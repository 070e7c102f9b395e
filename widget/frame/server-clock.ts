/**
 * The server's time now, from the time it wrote into a view. The device's own clock is never asked: it may be wrong by
 * hours. A machine that slept counts on more slowly, which only makes a wait longer.
 */
export type ServerClock = () => number

export const serverClock = (serverNow: number): ServerClock => {
  const receivedAt = performance.now()
  return () => serverNow + performance.now() - receivedAt
}
