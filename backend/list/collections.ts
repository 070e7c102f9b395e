import { trailDue } from '../audit/collection.ts'
import { defineCollection } from '../store/define-collection.ts'
import type { Opened } from '../store/port.ts'
import { bucketDocument, listDocument } from './list-document.ts'

export const listCollections = {
  lists: defineCollection('lists', listDocument, [
    {
      name: 'standing',
      scope: 'org',
      values: ({ environment, name, removed_at }) =>
        removed_at === null ? [environment, name] : [null, null],
    },
    { name: 'sweep', scope: 'global', values: ({ sweep_from }) => [sweep_from === null ? null : 'due'] },
    trailDue,
  ]),
  listBuckets: defineCollection('list_buckets', bucketDocument),
} as const

export type ListStore = { collections: Opened<typeof listCollections> }
