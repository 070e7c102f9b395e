import { everyFamily, quiet, raised, type Signal, unknown } from './signal.ts'

export const networkWifiPublic: Signal = {
  code: 'NETWORK_WIFI_PUBLIC',
  family: 'network',
  defaultWeight: 4,
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
