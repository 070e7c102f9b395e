import * as z from 'zod/mini'
import type { Upgrade } from '../../backend/store/port.ts'

/** A document of before there were numbers, in today's shape; not parsed yet. */
export const upgraded = (upgrades: readonly Upgrade[], stored: object): Record<string, unknown> =>
  z
    .record(z.string(), z.unknown())
    .parse(upgrades.reduce<unknown>((shape, upgrade) => upgrade(shape), JSON.parse(JSON.stringify(stored))))
