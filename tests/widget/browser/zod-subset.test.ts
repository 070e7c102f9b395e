import fc from 'fast-check'
import { checkpointAnswer } from '#contract/session-view'
import { views } from '../views.ts'
import { equal, ok } from './expect.ts'
import { describe, it } from './mocha.ts'

/** The same contract as the frame's bundle has it: built with the subset in zod's place. */
const lite: typeof import('#contract/session-view') = await import(`${location.origin}/lite/contract.js`)

type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

/** Every path to a value inside. */
const paths = (value: Json, at: string[] = []): string[][] =>
  typeof value === 'object' && value !== null
    ? [at, ...Object.entries(value).flatMap(([key, inner]) => paths(inner, [...at, key]))]
    : [at]

/** A copy with the value at `path` replaced, or taken out. */
const altered = (value: Json, path: string[], change: { put: Json } | 'remove'): Json => {
  const [key, ...rest] = path
  if (key === undefined) return change === 'remove' ? null : change.put
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).flatMap(([name, inner]): [string, Json][] => {
    if (name !== key) return [[name, inner]]
    return rest.length === 0 && change === 'remove' ? [] : [[name, altered(inner, rest, change)]]
  })
  return Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries)
}

const answers: Json[] = Object.values(views).map((view) => JSON.parse(JSON.stringify({ view })))
const strange = fc.oneof(
  fc.constantFrom<Json>(null, true, 0, 1.5, -1, 2 ** 60, '', 'yes', 'ended', [], {}, 'en', 'blocked'),
  fc.jsonValue() as fc.Arbitrary<Json>,
)

describe('the frame’s subset of zod', () => {
  it('accepts every view that the contract accepts', () => {
    for (const answer of answers) {
      ok(checkpointAnswer.safeParse(answer).success, 'the fixture is not a view')
      equal(lite.checkpointAnswer.safeParse(answer).success, true)
    }
  })
  it('gives zod’s verdict on thousands of damaged views', () => {
    let refused = 0
    fc.assert(
      fc.property(
        fc.constantFrom(...answers).chain((answer) =>
          fc.tuple(
            fc.constant(answer),
            fc.constantFrom(...paths(answer)),
            fc.oneof(
              fc.constant('remove' as const),
              strange.map((put) => ({ put })),
            ),
          ),
        ),
        ([answer, path, change]) => {
          const damaged = altered(answer, path, change)
          const verdict = checkpointAnswer.safeParse(damaged).success
          if (!verdict) refused += 1
          equal(lite.checkpointAnswer.safeParse(damaged).success, verdict, JSON.stringify({ path, change }))
        },
      ),
      { numRuns: 4000 },
    )
    ok(refused > 1000, `only ${refused} of the damaged views were refused: the comparison proves nothing`)
  })
  it('refuses a field too many', () => {
    const [answer] = answers
    equal(lite.checkpointAnswer.safeParse({ ...Object(answer), extra: 1 }).success, false)
  })
})
