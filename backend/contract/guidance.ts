import * as z from 'zod/mini'

/** What a person says of whether somebody is guiding them. */
export const guidanceAnswer = z.enum(['yes', 'not_sure', 'no'])
export type GuidanceAnswer = z.infer<typeof guidanceAnswer>
