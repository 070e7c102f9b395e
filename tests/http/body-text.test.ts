import canonicalize from 'canonicalize'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { bodyText } from '../../backend/http/connectors.ts'

/** Digests of bodies lie beside sessions; another release must arrive at the same ones. */
it('a body has the canonical text of RFC 8785, whatever is in it and in whatever order', () => {
  const member = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.constantFrom('10', '9', '', '1a', 'Z', 'a', 'é', '💶', '\u2028', '"\\\n'),
  )
  const body = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.oneof(
        member,
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.integer(),
        fc.boolean(),
        fc.constant(null),
      ),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(member, tie('value'), { maxKeys: 8 }),
    ),
  })).value
  fc.assert(
    fc.property(body, (said) => {
      const sent = JSON.parse(JSON.stringify(said))
      expect(bodyText(sent)).toBe(canonicalize(sent))
    }),
    { numRuns: 2000 },
  )
  const many = Object.fromEntries(Array.from({ length: 300 }, (_, nth) => [`k${(nth * 7919) % 300}`, nth]))
  expect(bodyText(many)).toBe(canonicalize(many))
})
