import { defineCollection } from '../store/define-collection.ts'
import { guardDocument } from './guard.ts'

export const holdCollections = { guards: defineCollection('guards', guardDocument) } as const
