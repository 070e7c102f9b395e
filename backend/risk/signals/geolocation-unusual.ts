import { everyFamily, quiet, raised, type Signal, unknown } from './signal.ts'

/** Without a history a place is unknown, not unusual: DEVICE_NEW already counts the first sight. */
export const geolocationUnusual: Signal = {
  code: 'GEOLOCATION_UNUSUAL',
  family: 'network',
  defaultWeight: 12,
  source: 'site',
  reads: ['place.country', 'place.city', 'place.country_known', 'place.city_known', 'profile.places'],
  unit: 'places of this user that an allowed action came from',
  unknownMeans: 'the event names no country, or no place of this person is known yet',
  appliesTo: everyFamily,
  evaluate: (facts) => {
    const { 'place.country': country, 'place.city': city } = facts
    if (country === null) return unknown('place.country')
    if (facts['profile.places'] === null) return unknown('profile.places')
    if (!facts['place.country_known']) return raised(1, `This person has not acted from ${country} before.`)
    return city === null || facts['place.city_known']
      ? quiet
      : raised(0.6, `This person has acted from ${country} before, but not from ${city}.`)
  },
}
