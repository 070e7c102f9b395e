import { afterAll } from 'vitest'
import { type Desk, openDesk } from './desk.ts'

/** A desk for all tests of one file: open at once, closed after the last of them. */
export const deskForFile = async (options: Parameters<typeof openDesk>[0] = {}): Promise<Desk> => {
  const desk = await openDesk(options)
  afterAll(() => desk.close())
  return desk
}
