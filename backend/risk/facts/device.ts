import * as z from 'zod/mini'
import { deviceKeyOf, isSaidByBrowser } from '../device-memory.ts'
import { count, factGroup, ms, orNull } from './fact-group.ts'

/** The event's device, compared with those that the same party named before. */
export const deviceFacts = factGroup(
  {
    /** The device that the site named, not one that only the browser named. Facts of before may have either. */
    'device.id': orNull(z.string()),
    'device.known': z.boolean(),
    /** When this person first used it, and when the first of all their devices; null if they have none, or none is named. */
    'device.first_used_at': orNull(ms),
    'profile.first_device_at': orNull(ms),
    'profile.devices': count,
    /** Whether this person's browsers have named it before; null if the site named one, or neither did. */
    'telemetry.device_id.known': orNull(z.boolean()),
    'profile.browser_devices': z._default(count, 0),
  },
  ({ event, profile: { devices } }) => {
    const key = deviceKeyOf(event)
    const isBrowsers = key !== null && isSaidByBrowser({ key })
    const isKnown = devices.some((device) => device.key === key)
    const vouchedFor = devices.filter((device) => !isSaidByBrowser(device))
    const named = vouchedFor.length
    return {
      'device.id': isBrowsers ? null : key,
      'device.known': !isBrowsers && isKnown,
      'device.first_used_at': vouchedFor.find((device) => device.key === key)?.first_at ?? null,
      'profile.first_device_at': named === 0 ? null : Math.min(...vouchedFor.map(({ first_at }) => first_at)),
      'profile.devices': named,
      'telemetry.device_id.known': isBrowsers ? isKnown : null,
      'profile.browser_devices': devices.length - named,
    }
  },
)
