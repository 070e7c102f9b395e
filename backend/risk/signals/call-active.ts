import { observed } from './observed.ts'

export const callActive = observed('context.call_active', {
  code: 'CALL_ACTIVE',
  defaultWeight: 8,
  detail: 'The person was on a phone call while acting.',
  unknownMeans: 'the site could not see whether a call was going on; many can’t, and most calls are innocent',
})
