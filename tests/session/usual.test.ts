import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { definitions } from '../../backend/collections.ts'
import { type Session, sessionDocument as session } from '../../backend/session/document.ts'
import { sessionLineOf } from '../../backend/session/line.ts'
import { sparseSession, sparseSessionLine } from '../../backend/session/usual.ts'
import { fromStoredTextUnopened } from '../../backend/store/stored-text.ts'

/** What a stored session leaves out is put back as it was, whatever the session says. */

const loose = z.looseObject({ _id: z.string(), org_id: z.string() })
const read = (body: string): Session => {
  const { org_id, _id } = loose.parse(JSON.parse(body))
  return fromStoredTextUnopened(definitions.sessions, { org_id, _id, body })
}
const sessions = readFileSync(
  join(import.meta.dirname, '../store/documents-of-before/sessions.jsonl'),
  'utf8',
)
  .trimEnd()
  .split('\n')
  .map((body): unknown => JSON.parse(JSON.stringify(read(body))))

type Holder = Record<string, unknown>
const isHolder = (value: unknown): value is Holder => typeof value === 'object' && value !== null
const placesIn = (value: unknown): { holder: Holder; name: string }[] =>
  isHolder(value)
    ? Object.keys(value).flatMap((name) => [{ holder: value, name }, ...placesIn(value[name])])
    : []

const throughText = (session: unknown): unknown =>
  sparseSession.putBack(JSON.parse(JSON.stringify(sparseSession.leaveOut(session))))

const at = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true })
const other = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.constantFrom(null, '', 'none', 'allow', 'event.ingested', 'genesis', 0, 1, false, true),
)

describe('a session without what is usual', () => {
  it('is shorter, and reads the same', () => {
    for (const whole of sessions) {
      const before = JSON.stringify(whole)
      expect(throughText(whole)).toEqual(whole)
      expect(JSON.stringify(whole)).toBe(before)
      expect(JSON.stringify(sparseSession.leaveOut(whole)).length).toBeLessThan(0.85 * before.length)
    }
  })

  it('reads the same with anything else in any two of its fields', () => {
    fc.assert(
      fc.property(fc.constantFrom(...sessions), at, other, at, other, (whole, here, one, there, two) => {
        const altered: unknown = structuredClone(whole)
        for (const [where, put] of [
          [here, one],
          [there, two],
        ] as const) {
          const places = placesIn(altered)
          const place = places[Math.floor(where * places.length)]
          // Without one of its fields it is no session at all, and neither is what has no id.
          if (place === undefined || place.name === '_id') continue
          const found = place.holder[place.name]
          if (Array.isArray(found)) place.holder[place.name] = []
          else if (!isHolder(found)) place.holder[place.name] = put
        }
        expect(throughText(altered)).toEqual(altered)
      }),
      { numRuns: 2000 },
    )
  })

  it('is put back only where it was left out: a text of the number before says everything', () => {
    const whole = sessions
      .map((one) => session.parse(one))
      .find(({ evaluation }) => evaluation.input !== null)
    if (whole?.evaluation.input == null) throw new Error('no session of before was kept with its facts')
    const { 'label.user': _, ...fewer } = whole.evaluation.input.facts
    const open = {
      ...whole,
      evaluation: { ...whole.evaluation, input: { ...whole.evaluation.input, facts: fewer } },
    }
    const labelOf = (schema: number) =>
      fromStoredTextUnopened(definitions.sessions, {
        org_id: whole.org_id,
        _id: whole._id,
        body: JSON.stringify({ schema, open }),
      }).evaluation.input?.facts['label.user']
    expect([labelOf(2), labelOf(3)]).toEqual([null, 'none'])
  })

  it('is in its line too', () => {
    for (const one of sessions) {
      const line: unknown = JSON.parse(JSON.stringify(sessionLineOf(session.parse(one))))
      expect(sparseSessionLine.putBack(JSON.parse(JSON.stringify(sparseSessionLine.leaveOut(line))))).toEqual(
        line,
      )
    }
  })
})
