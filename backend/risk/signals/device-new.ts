import { hourMs } from '#contract/durations'
import { worded } from '../counted.ts'
import type { Facts } from '../facts/all-facts.ts'
import { everyFamily, type Finding, quiet, raised, type Signal, unknown } from './signal.ts'

/** A device stays new for so long: whoever has got in signs in first, and pays minutes later. */
const newForHours = 24

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
    'device.first_used_at',
    'profile.first_device_at',
    'now',
    'profile.devices',
    'telemetry.device_id.known',
    'profile.browser_devices',
  ],
  unit: `devices of this user that an allowed action came from, over ${newForHours} hours ago`,
  unknownMeans:
    'no device of this person is known yet, or the site named none; one that only the browser names, and has named before, proves nothing',
  appliesTo: everyFamily,
  evaluate: (facts) => {
    if (facts['device.id'] !== null)
      return facts['device.known'] ? added(facts) : unseen(facts['profile.devices'], 'This device')
    return facts['telemetry.device_id.known'] === false
      ? unseen(facts['profile.browser_devices'], 'The browser, by its own word,')
      : unknown('device.id')
  },
}

/** A device that was used before, though only lately, by somebody who has had another. */
const added = ({ now, 'device.first_used_at': used, 'profile.first_device_at': oldest }: Facts): Finding =>
  used === null || oldest === null || used === oldest || now - used >= newForHours * hourMs
    ? quiet
    : raised(
        1,
        `This device was used for the first time within the last ${newForHours} hours, after another one.`,
      )

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
