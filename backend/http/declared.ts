import * as z from 'zod/mini'

/** Of what is stored, what the contract declares: a field that is added to a document tomorrow stays where it is. */
export const declaredOf = <Shape extends z.core.$ZodShape>(
  schema: z.ZodMiniObject<Shape>,
  stored: z.infer<z.ZodMiniObject<Shape>>,
) => z.object(schema.shape).parse(stored)
