import { defineCollection } from '../store/define-collection.ts'
import { userHoldsDocument } from './user-holds.ts'

export const holdCollections = { userHolds: defineCollection('guards', userHoldsDocument) } as const
