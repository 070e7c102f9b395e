import { minuteMs } from '#contract/durations'
import { counted } from '../counted.ts'
import { kilometresBetween } from '../location.ts'
import { severityBetween } from './severity.ts'
import { everyFamily, quiet, raised, type Signal, unknown } from './signal.ts'

const networkWifiPublic: Signal = {
  code: 'NETWORK_WIFI_PUBLIC',
  family: 'network',
  source: 'site',
  reads: ['network.public', 'network.type'],
  unit: 'yes or no',
  unknownMeans: 'the site does not know what kind of network this was; browsers rarely say',
  appliesTo: everyFamily,
  evaluate: ({ 'network.public': isPublic, 'network.type': type }) => {
    if (isPublic === null) return unknown('network.public')
    const isWifi = type === null || /wi-?fi/i.test(type)
    return isPublic && isWifi ? raised(1, 'The connection came over a public wireless network.') : quiet
  },
}

const networkAnonymizer: Signal = {
  code: 'NETWORK_ANONYMIZER',
  family: 'network',
  source: 'site',
  reads: ['network.anonymizer'],
  unit: 'yes or no',
  unknownMeans: 'the site does not look addresses up',
  appliesTo: everyFamily,
  evaluate: ({ 'network.anonymizer': anonymizer }) => {
    if (anonymizer === null) return unknown('network.anonymizer')
    return anonymizer ? raised(1, 'The connection came through a VPN, proxy or Tor exit.') : quiet
  },
}

/** Without a history a place is unknown, not unusual: the first sight already counts once, at the device. */
const geolocationUnusual: Signal = {
  code: 'GEOLOCATION_UNUSUAL',
  family: 'network',
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

/** Addresses are placed wrong by whole provinces, and what we remember is rounded: below this nobody has travelled. */
const leastKm = 200
/** An airliner cruises at about this. */
const airlinerKmPerHour = 900
/** At four times an airliner nobody is left to doubt the clocks. */
const certainFactor = 4

/**
 * Two places that no aeroplane joins in the time between: two people, or a proxy. That a proxy is known does not silence
 * it, or hiding the address would score less than showing it; the family's cap keeps the pair from counting twice. Only
 * coordinates are judged: a country or a city has no distance. An event that comes late is compared all the same.
 */
const impossibleTravel: Signal = {
  code: 'IMPOSSIBLE_TRAVEL',
  family: 'network',
  source: 'site',
  reads: ['place.lat', 'place.lon', 'profile.last_position', 'occurred_at'],
  unit: 'kilometres an hour since the last allowed action, from 200 km on',
  unknownMeans: 'the event brings no coordinates, or no allowed action of this person did so yet',
  appliesTo: everyFamily,
  evaluate: (facts) => {
    const { 'place.lat': lat, 'place.lon': lon, 'profile.last_position': last } = facts
    if (lat === null) return unknown('place.lat')
    if (lon === null) return unknown('place.lon')
    if (last === null) return unknown('profile.last_position')
    const km = kilometresBetween(last, { lat, lon })
    if (km <= leastKm) return quiet
    const minutes = Math.abs(facts.occurred_at - last.at) / minuteMs
    const severity = severityBetween(
      (km * 60) / minutes,
      airlinerKmPerHour,
      airlinerKmPerHour * certainFactor,
    )
    return severity === 0
      ? quiet
      : raised(
          severity,
          `${Math.round(km)} km lie between this place and the last one, and ${counted(Math.floor(minutes), 'minute')}.`,
        )
  },
}

export const networkSignals: readonly Signal[] = [
  networkWifiPublic,
  networkAnonymizer,
  geolocationUnusual,
  impossibleTravel,
]
