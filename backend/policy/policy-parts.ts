import * as z from 'zod/mini'
import { policySchema } from '../risk/policy.ts'

const { shape } = policySchema

const part = <Part extends z.ZodMiniType>(schema: Part) => z.catch(z.optional(schema), undefined)

/** The parts that must fit each other. A part that does not fit its own shape is missing here; the shape's check says so. */
const parts = z.catch(
  z.object({
    actions: part(shape.actions),
    base: part(shape.base),
    weights: part(shape.weights),
    caps: part(shape.caps),
    weak: part(shape.weak),
    client_cap: part(shape.client_cap),
    labels: part(shape.labels),
    thresholds: part(shape.thresholds),
    steps: part(shape.steps),
    pause_seconds: part(shape.pause_seconds),
    signal_floors: part(shape.signal_floors),
    limits: part(shape.limits),
  }),
  {},
)
export type PolicyParts = z.infer<typeof parts>

export const readParts = (candidate: unknown): PolicyParts => parts.parse(candidate)
