/**
 * The language tags of an `Accept-Language` header (RFC 9110, 12.5.4), the most wanted first; empty when it says nothing. For
 * the pages that belong to no organisation, whose language would decide otherwise.
 */
export const acceptedLanguages = (header: string | undefined): string[] =>
  (header ?? '')
    .split(',', mostRanges)
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim())
      const quality = parameters.find((one) => one.startsWith('q='))
      return { tag, wanted: quality === undefined ? 1 : Number(quality.slice(2)) }
    })
    .filter(({ tag, wanted }) => tag !== '' && wanted > 0)
    .toSorted((a, b) => b.wanted - a.wanted)
    .map(({ tag }) => tag)

/** More ranges than anybody reads languages. */
const mostRanges = 20
