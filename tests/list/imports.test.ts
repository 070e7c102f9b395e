import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { listLimits } from '#contract/list'
import { bucketId, emptyBucket, isListed, prefixes, withEntries } from '../../backend/list/bucket.ts'
import { readEntry } from '../../backend/list/entry-key.ts'
import {
  beginImport,
  type Changed,
  commitImport,
  countsIn,
  isKept,
  notePart,
  undoImport,
} from '../../backend/list/imports.ts'
import { type List, listDocument } from '../../backend/list/list-document.ts'
import { readCsv } from '../../backend/list/read-lines.ts'

/** What counts of a list's imports, whatever is committed and undone in whatever order. */

const now = Date.UTC(2026, 10, 21)
const hour = 3_600_000

const empty: List = {
  _id: 'lst_live_mules',
  org_id: 'org',
  version: 1,
  purge_at: null,
  environment: 'live',
  name: 'mules',
  kind: 'payee',
  owner: 'Fraud desk',
  description: null,
  expires_at: null,
  created_at: now,
  uid: 'u',
  removed_at: null,
  next_seq: 1,
  counting: [],
  entries: 0,
  imports: [],
  sweep_from: null,
  trail_due: [],
}

const done = (changed: Changed): List => {
  if (!changed.ok) throw new Error(changed.reason)
  return changed.list
}

type Mode = 'add' | 'replace' | 'remove'
const begin = (list: List, id: string, mode: Mode = 'add', at = now) =>
  done(beginImport(list, { id, mode, at, by: 'key:k' }))
const staged = (list: List, id: string, mode: Mode = 'add', entries = 10) =>
  done(notePart(begin(list, id, mode), id, { part: 0, entries, rejected: 0, at: now }))
const committed = (list: List, id: string, mode: Mode = 'add', entries = 10) =>
  done(commitImport(staged(list, id, mode, entries), id, now))

describe('imports of a list', () => {
  it('count once they are committed, and no sooner', () => {
    const one = staged(empty, 'a')
    expect([one.counting, one.entries]).toEqual([[], 0])
    const two = done(commitImport(one, 'a', now))
    expect([two.counting, two.entries]).toEqual([[[1, 1]], 10])
    expect(done(commitImport(two, 'a', now))).toBe(two)
  })

  it('a replace takes the place of all, and its undo brings all back but what was undone meanwhile', () => {
    const before = committed(committed(empty, 'a'), 'b', 'add', 5)
    const replaced = committed(committed(before, 'c', 'replace', 7), 'd', 'add', 1)
    expect([replaced.counting, replaced.entries]).toEqual([[[3, 4]], 8])
    const undone = done(undoImport(done(undoImport(replaced, 'a')), 'c'))
    expect([undone.counting, undone.entries]).toEqual([
      [
        [2, 2],
        [4, 4],
      ],
      6,
    ])
  })

  it('of two replaces only the later one can be undone', () => {
    const twice = committed(committed(committed(empty, 'a'), 'b', 'replace'), 'c', 'replace')
    expect(undoImport(twice, 'a')).toEqual({ ok: false, reason: 'replaced_since' })
    expect(done(undoImport(twice, 'c')).counting).toEqual([[2, 2]])
    expect(undoImport(done(undoImport(twice, 'c')), 'b')).toEqual({ ok: false, reason: 'replaced_since' })
  })

  it.each<[string, Changed, string]>([
    ['an unknown one', commitImport(empty, 'x', now), 'unknown_import'],
    ['one without an entry', commitImport(begin(empty, 'a', 'replace'), 'a', now), 'nothing_staged'],
    ['one that was undone', undoImport(done(undoImport(committed(empty, 'a'), 'a')), 'a'), 'undone_before'],
    [
      'one that was given up',
      commitImport(done(undoImport(staged(empty, 'a'), 'a')), 'a', now),
      'not_staged',
    ],
    [
      'a part of one that is committed',
      notePart(committed(empty, 'a'), 'a', { part: 1, entries: 1, rejected: 0, at: now }),
      'not_staged',
    ],
    [
      'more than a list holds',
      commitImport(staged(committed(empty, 'a', 'add', 600_000), 'b', 'add', 600_000), 'b', now),
      'too_many_entries',
    ],
    [
      'a sixth at once',
      beginImport(
        ['a', 'b', 'c', 'd', 'e'].reduce((list, id) => begin(list, id), empty),
        { id: 'f', mode: 'add', at: now, by: 'key:k' },
      ),
      'too_many_staged',
    ],
  ])('refuses %s', (_, answer, reason) => {
    expect(answer).toEqual({ ok: false, reason })
  })

  it('may replace a full list by another full one', () => {
    const full = committed(empty, 'a', 'add', listLimits.entries)
    expect(committed(full, 'b', 'replace', listLimits.entries).entries).toBe(listLimits.entries)
  })

  it('one that nobody goes on with for a day is given up, and makes room', () => {
    const five = ['a', 'b', 'c', 'd', 'e'].reduce((list, id) => begin(list, id), empty)
    const later = begin(five, 'f', 'add', now + 25 * hour)
    expect(later.imports.filter(({ state }) => state === 'given_up')).toHaveLength(5)
    expect(later.sweep_from).toBe(0)
  })

  it('the same part again counts once', () => {
    const part = { part: 2, entries: 5, rejected: 1, at: now }
    const once = done(notePart(begin(empty, 'a'), 'a', part))
    expect(done(notePart(once, 'a', part))).toEqual(once)
  })

  it('the document stays small after thousands of them, and what they brought counts on', () => {
    let list = empty
    for (let i = 0; i < 2_000; i += 1) list = committed(list, `i${i}`, 'add', 1)
    expect(listDocument.parse(list)).toEqual(list)
    expect([list.imports.length, list.counting, list.entries]).toEqual([50, [[1, 2_000]], 2_000])
  })

  it('whatever is done, only what was committed and not undone counts, and all that counts is kept', () => {
    const step = fc.record({
      verb: fc.constantFrom('add', 'replace', 'remove', 'undo', 'stage'),
      of: fc.nat(12),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        let list = empty
        steps.forEach(({ verb, of }, i) => {
          const id = `i${i}`
          if (verb === 'undo') {
            const answer = undoImport(list, `i${of}`)
            if (answer.ok) list = answer.list
          } else if (verb === 'stage') {
            const answer = beginImport(list, { id, mode: 'add', at: now, by: 'key:k' })
            if (answer.ok) list = answer.list
          } else if (beginImport(list, { id, mode: verb, at: now, by: 'key:k' }).ok) {
            list = committed(list, id, verb)
          }
        })
        for (const { seq, state } of list.imports) {
          if (countsIn(list.counting, seq)) {
            expect(state).toBe('committed')
            expect(isKept(list, seq)).toBe(true)
          }
          if (state !== 'committed') expect(countsIn(list.counting, seq)).toBe(false)
        }
        expect(list.entries).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('keeps what was begun after a removed list was read: the name may stand for a list again', () => {
    const removed = { ...empty, removed_at: now, next_seq: 3 }
    expect([1, 2, 3, 4].map((seq) => isKept(removed, seq))).toEqual([false, false, true, true])
  })
})

describe('entries of a list', () => {
  const key = 'AAaaaaaaaaaaaaaa'
  const other = 'AAbbbbbbbbbbbbbb'
  const bucket = emptyBucket(bucketId('u', 'AA'), 'org')
  const keeps = () => true
  const counting = (list: [number, number][]): List => ({ ...empty, counting: list })

  it('what the latest import that counts says of one holds', () => {
    const added = withEntries(bucket, [{ key, expires: null }], { seq: 1, adds: true, keeps })
    const removed = withEntries(added, [{ key, expires: null }], { seq: 2, adds: false, keeps })
    expect(isListed(counting([[1, 1]]), removed, key, now)).toBe(true)
    expect(isListed(counting([[1, 2]]), removed, key, now)).toBe(false)
    expect(isListed(counting([]), removed, key, now)).toBe(false)
    expect(isListed(counting([[1, 1]]), removed, other, now)).toBe(false)
    expect(isListed(counting([[1, 1]]), null, key, now)).toBe(false)
  })

  it('one that has run out is not there, and an older one without an end is', () => {
    const ends = Math.ceil(now / 60_000)
    const ended = withEntries(bucket, [{ key, expires: ends }], { seq: 2, adds: true, keeps })
    expect(isListed(counting([[2, 2]]), ended, key, now - 1)).toBe(true)
    expect(isListed(counting([[2, 2]]), ended, key, now)).toBe(false)
    const both = withEntries(ended, [{ key, expires: null }], { seq: 1, adds: true, keeps })
    expect(isListed(counting([[1, 2]]), both, key, now)).toBe(true)
  })

  it('written again are the very same document, and what nobody can ask for is dropped', () => {
    const once = withEntries(bucket, [{ key, expires: null }], { seq: 1, adds: true, keeps })
    expect(withEntries(once, [{ key, expires: null }], { seq: 1, adds: true, keeps })).toBe(once)
    const next = { seq: 2, adds: true, keeps: (seq: number) => seq !== 1 }
    expect(withEntries(once, [{ key: other, expires: null }], next).entries).toEqual([`${other} 2 + `])
  })

  it('lie in 4,096 documents', () => {
    expect(new Set(prefixes).size).toBe(4_096)
  })
})

describe('a line', () => {
  const digest = (purpose: string, value: string) => `${purpose}:${value}`.padEnd(20, '.')
  const keys = (
    kind: 'payee' | 'network' | 'country' | 'email_domain' | 'user',
    entry: Record<string, string>,
  ) => {
    const read = readEntry(
      kind,
      entry,
      (purpose, value) => digest(purpose, value).slice(-16).padStart(16, '.'),
      now,
    )
    return read.ok ? read.entries.map(({ key }) => key) : read.detail
  }

  it('of a payee is its account, however it is written', () => {
    const one = keys('payee', { account: 'GB33 BUKB 2020 1555 5555 55', name: 'J. Smith' })
    expect(keys('payee', { account: 'gb33bukb20201555555555', name: '' })).toEqual(one)
    expect(keys('payee', { account: '', id: '', name: '' })).toContain('account, an id or a name')
  })

  it('of a network is an address, or each address of a small range', () => {
    expect(keys('network', { value: '203.0.113.7' })).toHaveLength(1)
    expect(keys('network', { value: '203.0.113.77/30' })).toHaveLength(4)
    expect(keys('network', { value: '203.0.113.0/24' })).toHaveLength(256)
    expect(keys('network', { value: '203.0.113.0/30' })).toEqual(keys('network', { value: '203.0.113.3/30' }))
    expect(keys('network', { value: '2001:db8::/64' })).toEqual(keys('network', { value: '2001:db8::17' }))
  })

  it.each<[Parameters<typeof keys>[0], Record<string, string>, string]>([
    ['network', { value: '10.0.0.0/8' }, '/24 to a /32'],
    ['network', { value: '2001:db8::/32' }, 'must be a /64'],
    ['network', { value: 'example.com' }, 'must be an address'],
    ['country', { value: 'Spain' }, 'two letters'],
    ['email_domain', { value: 'ana@' }, 'behind the @'],
    ['user', { value: ' ' }, 'must not be empty'],
    ['user', { account: 'x' }, 'no column'],
    ['user', { value: 'u_1', expires_at: '2027-01-31' }, 'such as 2027-01-31T00:00:00Z'],
    ['user', { value: 'u_1', expires_at: '2020-01-31T00:00:00Z' }, 'over already'],
  ])('of %s that is wrong says so: %j', (kind, entry, detail) => {
    expect(keys(kind, entry)).toContain(detail)
  })
})

describe('CSV', () => {
  const read = (text: string, firstLine = 2) => {
    const answer = readCsv(text, 'payee', firstLine)
    return answer.ok ? [...answer.entries] : answer.detail
  }
  it('is read line by line, with quotes, blank lines and either end of line', () => {
    expect(read('\uFEFFaccount,Name\r\nGB33,"Smith, ""J."""\r\n\r\nGB34,Lee')).toEqual([
      { line: 2, entry: { account: 'GB33', name: 'Smith, "J."' } },
      { line: 4, entry: { account: 'GB34', name: 'Lee' } },
    ])
  })
  it('names each line that is wrong, by its number in the file', () => {
    expect(read(`account,name\nGB33\nGB34,"open\n${'x'.repeat(5_000)}\nGB\uFFFD,x`, 100)).toEqual([
      { line: 100, detail: 'has 1 fields, and the header names 2' },
      { line: 101, detail: 'has a quote that is not closed on this line' },
      { line: 102, detail: 'is longer than 4096 characters' },
      { line: 103, detail: 'is not UTF-8' },
    ])
  })
  it.each(['', 'GB33BUKB20201555555555', 'account,account', 'value', 'account,constructor'])(
    'without a header that it knows is refused: %s',
    (text) => {
      expect(read(text)).toContain('must name the columns')
    },
  )
  it('reads no more lines than a call may have', () => {
    const lines = read(`account\n${'GB33\n'.repeat(listLimits.linesOfCall + 5)}`)
    expect(lines).toHaveLength(listLimits.linesOfCall + 1)
    expect(lines.at(-1)).toMatchObject({ detail: expect.stringContaining('further parts') })
  })
})
