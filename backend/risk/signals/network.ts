import { everyFamily, quiet, raised, type Signal, unknown } from './signal.ts'

const networkWifiPublic: Signal = {
  code: 'NETWORK_WIFI_PUBLIC',
  family: 'network',
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

export const networkSignals: readonly Signal[] = [networkWifiPublic, networkAnonymizer, geolocationUnusual]
