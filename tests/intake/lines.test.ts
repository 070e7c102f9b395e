import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { linesOf, type RawLine } from '../../backend/intake/lines.ts'
import { jsonMaxBytes } from '../../backend/intake/strict-json.ts'

async function* cut(text: Buffer, ...at: number[]): AsyncGenerator<Buffer> {
  let from = 0
  for (const to of [...at.toSorted((a, b) => a - b), text.length]) {
    yield text.subarray(from, to)
    from = to
  }
}

const read = async (...given: Parameters<typeof linesOf>): Promise<RawLine[]> => {
  const lines: RawLine[] = []
  for await (const batch of linesOf(...given)) lines.push(...batch)
  return lines
}

describe('lines of what arrives', () => {
  it('are the same however it is cut, and however far it was read before', async () => {
    const piece = fc.constantFrom('a', 'é', '{}', '\n', '\n\n', ' ', '\r\n')
    const text = fc.array(piece, { maxLength: 30 }).map((pieces) => Buffer.from(pieces.join('')))
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat(60), { maxLength: 5 }), async (bytes, cuts) => {
        const within = cuts.filter((at) => at <= bytes.length)
        const lines = await read(cut(bytes, ...within))
        const expected = bytes
          .toString()
          .split('\n')
          .map((line, at) => ({ line: at + 1, text: line }))
          .filter((one) => one.text.trim() !== '')
        expect(lines.map(({ line, bytes: read }) => ({ line, text: read.toString() }))).toEqual(expected)
        for (const [at, { line, end }] of lines.entries())
          expect(await read(cut(bytes.subarray(end)), { line, end })).toEqual(lines.slice(at + 1))
      }),
    )
  })

  it('keep no more of a long one than tells that it is too long', async () => {
    const long = Buffer.alloc(3 * jsonMaxBytes, 'x')
    const lines = await read(
      cut(Buffer.concat([long, Buffer.from('\nb')]), 10, jsonMaxBytes, 2 * jsonMaxBytes),
    )
    expect(lines.map(({ line, bytes }) => [line, bytes.length])).toEqual([
      [1, jsonMaxBytes + 1],
      [2, 1],
    ])
  })

  it('come in batches, and the next is not asked for before', async () => {
    let given = 0
    const chunk = Buffer.from(`${'x'.repeat(99)}\n`.repeat(1000))
    async function* endless(): AsyncGenerator<Buffer> {
      while (true) {
        given += 1
        yield chunk
      }
    }
    for await (const batch of linesOf(endless())) {
      expect(batch).toHaveLength(1000 * given)
      break
    }
    expect(given).toBeLessThan(12)
  })
})
