import { everyFamily, quiet, raised, type Signal, unknown } from './signal.ts'

export const networkAnonymizer: Signal = {
  code: 'NETWORK_ANONYMIZER',
  family: 'network',
  defaultWeight: 10,
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
