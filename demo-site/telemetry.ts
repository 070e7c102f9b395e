import * as z from 'zod/mini'

/**
 * What `AntiSocialEngine.telemetry()` said in the page, as the form brought it. The browser's word: read like any other
 * input, and left out where it is not what the API takes. Nobody's payment fails for it, and without script there is none.
 */
const word = (max: number) => z.nullable(z.string().check(z.maxLength(max), z.regex(/^\P{Cc}+$/u)))
const count = z.int().check(z.nonnegative())

const telemetry = z.object({
  device_id: word(128),
  language: word(35),
  time_zone: word(64),
  screen: z.object({ width: count, height: count, pixel_ratio: z.number() }),
  connection: word(32),
  payee_pasted: z.nullable(z.boolean()),
  dwell_ms: z.nullable(count),
})
export type Telemetry = z.infer<typeof telemetry>

/** The form's field as facts for the event; null when there are none to be had. */
export const readTelemetry = (field: string): Telemetry | null => {
  try {
    return telemetry.parse(JSON.parse(field))
  } catch {
    return null
  }
}
