import type { NormalisedEvent } from '#contract/normalised-event'
import type { DeviceMemory } from './profile-document.ts'

/**
 * The devices of a person, kept apart by who named them. Whoever uses a browser can make it name any id, also one that they
 * read elsewhere. So its word never becomes the device that the site vouches for.
 */

const saidByBrowser = 'browser:'

/** What the event's device is remembered under; null when nobody named one. */
export const deviceKeyOf = ({ device, keys }: Pick<NormalisedEvent, 'device' | 'keys'>): string | null =>
  keys.device === null || device.id !== null ? keys.device : `${saidByBrowser}${keys.device}`

export const isSaidByBrowser = ({ key }: Pick<DeviceMemory, 'key'>): boolean => key.startsWith(saidByBrowser)
