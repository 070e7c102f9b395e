import * as z from 'zod/mini'

/** Real events, or rehearsals. Keys, sessions, holds, labels and policies of one are never seen from the other. */
export const environment = z.enum(['live', 'test'])
export type Environment = z.infer<typeof environment>
