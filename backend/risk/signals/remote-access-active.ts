import { observed } from './observed.ts'

export const remoteAccessActive = observed('context.remote_access', {
  code: 'REMOTE_ACCESS_ACTIVE',
  defaultWeight: 40,
  detail: 'A remote-access session was active on the device.',
  unknownMeans: 'the site’s app does not look for remote-access tools, or a browser can’t',
})
