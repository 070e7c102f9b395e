import { defineCollection } from '../store/define-collection.ts'
import type { Opened } from '../store/port.ts'
import { outboxUpgrades } from '../upgrades/outbox-upgrades.ts'
import { laneOf, outboxDocument } from './document.ts'

export const outboxCollections = {
  outbox: defineCollection(
    'outbox',
    outboxDocument,
    [
      {
        name: 'due',
        scope: 'global',
        values: (row) => [row.state === 'due' ? laneOf(row.effect) : null, row.due_at],
      },
      { name: 'dead', scope: 'org', values: (row) => [row.state === 'dead' ? row.created_at : null] },
    ],
    outboxUpgrades,
  ),
} as const
export type OutboxStore = { collections: Opened<typeof outboxCollections> }
