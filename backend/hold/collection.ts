import { defineCollection } from '../store/define-collection.ts'
import { userHoldsUpgrades } from '../upgrades/hold-upgrades.ts'
import { userHoldsDocument } from './user-holds.ts'

export const holdCollections = {
  userHolds: defineCollection('guards', userHoldsDocument, [], userHoldsUpgrades),
} as const
