import { worded } from '../counted.ts'
import { everyFamily, type Finding, quiet, raised, type Signal, unknown } from './signal.ts'

/**
 * At a person's first sight there is no device to compare with, so nothing is known: *new* would be said of everybody on a
 * site's first day.
 *
 * If the site names no device, the browser's own word counts one way only. An id that was not seen before is new. One that
 * was seen proves nothing, because whoever uses the browser can make it say anything: then the signal is unknown.
 */
export const deviceNew: Signal = {
  code: 'DEVICE_NEW',
  family: 'takeover',
  defaultWeight: 18,
  source: 'site',
  reads: [
    'device.id',
    'device.known',
    'profile.devices',
    'telemetry.device_id.known',
    'profile.browser_devices',
  ],
  unit: 'devices of this user that an allowed action came from',
  unknownMeans:
    'no device of this person is known yet, or the site named none; one that only the browser names, and has named before, proves nothing',
  appliesTo: everyFamily,
  evaluate: (facts) => {
    if (facts['device.id'] !== null)
      return facts['device.known'] ? quiet : unseen(facts['profile.devices'], 'This device')
    return facts['telemetry.device_id.known'] === false
      ? unseen(facts['profile.browser_devices'], 'The browser, by its own word,')
      : unknown('device.id')
  },
}

const unseen = (count: number, what: string): Finding =>
  count === 0
    ? unknown('profile.devices')
    : raised(
        1,
        worded(
          count,
          `${what} is not the one that this person has used.`,
          `${what} is none of the ${count} that this person has used.`,
        ),
      )
