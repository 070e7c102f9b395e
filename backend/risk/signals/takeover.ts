import { everyFamily, quiet, raised, type Signal, unknown } from './signal.ts'

const hourMs = 3_600_000

/**
 * At a user's first sight there is no device to compare with: *new* would be said of everybody on the day a site
 * starts with us, and *unknown* would let an intruder be the first. It counts a quarter.
 */
const firstSight = 0.25

const deviceNew: Signal = {
  code: 'DEVICE_NEW',
  family: 'takeover',
  source: 'site',
  reads: ['device.id', 'device.known', 'profile.devices'],
  unit: 'devices of this user that an allowed action came from',
  unknownMeans: 'neither the site nor the browser named a device',
  appliesTo: everyFamily,
  evaluate: (facts) => {
    if (facts['device.id'] === null) return unknown('device.id')
    if (facts['device.known']) return quiet
    const count = facts['profile.devices']
    return count === 0
      ? raised(firstSight, 'No device of this person has been seen before, so there is none to compare with.')
      : raised(1, `This device is none of the ${count} that this person has used.`)
  },
}

/** A change that lies in the future is a clock apart from ours, and recent. */
const credentialsChangedRecently: Signal = {
  code: 'CREDENTIALS_CHANGED_RECENTLY',
  family: 'takeover',
  source: 'site',
  reads: ['user.email_changed_at', 'now'],
  unit: 'hours since the e-mail address was changed',
  unknownMeans: 'the site did not say when the address on file was last changed, or it never was',
  appliesTo: everyFamily,
  evaluate: (facts, limits) => {
    const changedAt = facts['user.email_changed_at']
    if (changedAt === null) return unknown('user.email_changed_at')
    const hours = Math.max(0, (facts.now - changedAt) / hourMs)
    if (hours >= limits.credentials_changed_hours) return quiet
    const severity = 1 - (0.5 * hours) / limits.credentials_changed_hours
    return raised(severity, `The e-mail address on file was changed ${Math.floor(hours)} hours ago.`)
  },
}

export const takeoverSignals: readonly Signal[] = [deviceNew, credentialsChangedRecently]
