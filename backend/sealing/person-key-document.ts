import * as z from 'zod/mini'
import { defineCollection } from '../store/define-collection.ts'

/**
 * The key that one person's data are sealed under, itself sealed under a master key. Removing this document erases
 * everything that was sealed under it, wherever copies of that lie. A person who comes back gets another key under another
 * `key_id`, which opens nothing of before.
 */
const personKeyDocument = z.strictObject({
  /** `pky_` and the person's keyed digest. */
  _id: z.string(),
  org_id: z.string(),
  version: z.int(),
  /** Never: a key outlives everything that is sealed under it, and goes by erasure alone. */
  purge_at: z.null(),
  key_id: z.string(),
  /** The master key that it is sealed under. */
  master_kid: z.string(),
  key_sealed: z.string(),
})
export type PersonKeyDocument = z.infer<typeof personKeyDocument>

export const personKeyId = (person: string): string => `pky_${person}`

export const personKeyCollection = defineCollection('person_keys', personKeyDocument, [
  { name: 'master', scope: 'global', values: ({ master_kid }) => [master_kid] },
])
