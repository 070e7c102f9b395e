import { expect, it } from 'vitest'
import { verdictEffects } from '../../backend/admin/page/words.ts'
import { incidentDisposition } from '../../backend/contract/incident.ts'

/** What a verdict does is said before it is given, so it has to be so. */

it.each(incidentDisposition.options)(
  '%s of an incident without a payee promises nothing about payees',
  (verdict) => {
    const effect = verdictEffects(false)[verdict]
    expect(effect).not.toMatch(/this payee|the payee/)
    expect(effect).toContain('Closes the incident')
    expect(verdictEffects(true)[verdict]).toMatch(/this payee|the payee/)
  },
)
