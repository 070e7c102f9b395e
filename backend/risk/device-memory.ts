import type { NormalisedEvent } from '#contract/normalised-event'
import type { DeviceMemory } from './profile-document.ts'

/**
 * The devices of a person, kept apart by whose word named them. A browser says any id that whoever sits in front of it
 * wants, also one that they read elsewhere: it must never become the device that the site vouches for.
 */

const saidByBrowser = 'browser:'

/** What the event's device is remembered under; null when nobody named one. */
export const deviceKeyOf = ({ device, keys }: Pick<NormalisedEvent, 'device' | 'keys'>): string | null =>
  keys.device === null || device.id !== null ? keys.device : `${saidByBrowser}${keys.device}`

export const isSaidByBrowser = ({ key }: Pick<DeviceMemory, 'key'>): boolean => key.startsWith(saidByBrowser)
