import * as z from 'zod/mini'
import { deviceKeyOf, isSaidByBrowser } from '../device-memory.ts'
import { count, factGroup, orNull } from './fact-group.ts'

/** The event's device, compared with those that the same party named before. */
export const deviceFacts = factGroup(
  {
    /** The device that the site named, not one that only the browser named. Facts of before may have either. */
    'device.id': orNull(z.string()),
    'device.known': z.boolean(),
    'profile.devices': count,
    /** Whether this person's browsers have named it before; null if the site named one, or neither did. */
    'telemetry.device_id.known': orNull(z.boolean()),
    'profile.browser_devices': z._default(count, 0),
  },
  ({ event, profile: { devices } }) => {
    const key = deviceKeyOf(event)
    const isBrowsers = key !== null && isSaidByBrowser({ key })
    const isKnown = devices.some((device) => device.key === key)
    const named = devices.filter((device) => !isSaidByBrowser(device)).length
    return {
      'device.id': isBrowsers ? null : key,
      'device.known': !isBrowsers && isKnown,
      'profile.devices': named,
      'telemetry.device_id.known': isBrowsers ? isKnown : null,
      'profile.browser_devices': devices.length - named,
    }
  },
)
