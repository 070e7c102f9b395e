import { describe, expect, it } from 'vitest'
import { incidentDocument, scamReportDocument } from '../../backend/incident/incident.ts'
import { incidentPersonal, scamReportPersonal } from '../../backend/incident/personal.ts'
import { sessionDocument } from '../../backend/session/document.ts'
import { sessionPersonal } from '../../backend/session/personal.ts'

/** A field that was renamed, and not in what says which fields are sealed, would lie in the clear from then on. */

type Loose = Record<string, unknown>
const isLoose = (value: unknown): value is Loose => typeof value === 'object' && value !== null

/** The schema inside nullable, optional and the like. */
const bare = (schema: unknown): unknown => {
  const inner = isLoose(schema) && isLoose(schema['def']) ? schema['def']['innerType'] : undefined
  return inner === undefined ? schema : bare(inner)
}

const part = (schema: unknown, name: 'shape' | 'element'): unknown => {
  const found = bare(schema)
  return isLoose(found) && isLoose(found['def']) ? found['def'][name] : undefined
}

/** Paths of `fields` that the schema doesn't have. */
const strangers = (fields: unknown, schema: unknown, path = ''): string[] =>
  Object.entries(isLoose(fields) ? fields : {}).flatMap(([name, field]) => {
    const shape = part(schema, 'shape')
    const own = isLoose(shape) ? shape[name] : undefined
    if (own === undefined) return [`${path}${name}`]
    if (!isLoose(field) || 'erased' in field) return []
    return 'fields' in field
      ? strangers(field['fields'], part(own, 'element'), `${path}${name}[].`)
      : strangers(field, own, `${path}${name}.`)
  })

describe('every field that is said to be about a person', () => {
  it.each([
    ['sessions', sessionPersonal.document, sessionDocument],
    ['incidents', incidentPersonal.document, incidentDocument],
    ['scam reports', scamReportPersonal.document, scamReportDocument],
  ])('is one of the documents of %s', (_name, fields, schema) => {
    expect(strangers(fields, schema)).toEqual([])
    expect(strangers({ no_such_field: {} }, schema)).toEqual(['no_such_field'])
  })
})
