import { observed } from './observed.ts'

export const screenShared = observed('context.screen_shared', {
  code: 'SCREEN_SHARED',
  defaultWeight: 35,
  detail: 'The screen was being shared while the person acted.',
  unknownMeans: 'the site’s app does not look for screen sharing, or a browser can’t',
})
