import { expect, it } from 'vitest'
import { dispositionEffects } from '../../backend/admin/page/words/incidents.ts'
import { incidentDisposition } from '../../backend/contract/incident.ts'

/** What a disposition does is said before it is given, so it has to be so. */

it.each(incidentDisposition.options)(
  '%s of an incident without a payee promises nothing about payees',
  (disposition) => {
    const effect = dispositionEffects(false)[disposition]
    expect(effect).not.toMatch(/this payee|the payee/)
    expect(effect).toContain('Closes the incident')
    expect(dispositionEffects(true)[disposition]).toMatch(/this payee|the payee/)
  },
)
