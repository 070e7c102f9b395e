import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readAddress, writeAddress } from '../../backend/admin/page/app/path.ts'

/** Addresses of the desk: what one declaration reads, it writes; and no link leads to a view that is not there. */

const at = (address: string): URL => new URL(address, 'http://desk')

it.each([
  ['/sessions/:id', '/sessions/ses_1', { id: 'ses_1' }],
  ['/sessions/:id', '/sessions/a%2Fb', { id: 'a/b' }],
  ['/effectiveness?by&days', '/effectiveness?by=tier', { by: 'tier', days: null }],
  ['/?user', '/?user=a+b', { user: 'a b' }],
  ['/trail', '/trail', {}],
] as const)('%s reads %s', (pattern, address, params) => {
  expect(readAddress(pattern, at(address))).toEqual(params)
  expect(writeAddress(pattern, params, null)).toBe(address)
})

it.each([
  ['/sessions/:id', '/sessions/'],
  ['/sessions/:id', '/sessions'],
  ['/sessions/:id', '/sessions/a/b'],
  ['/sessions/:id', '/incidents/a'],
  ['/sessions/:id', '/sessions/%E0%A4%A'],
  ['/', '/sessions'],
] as const)('%s does not read %s', (pattern, address) => {
  expect(readAddress(pattern, at(address))).toBeNull()
})

it('names the environment first', () => {
  expect(writeAddress('/?user&status', { status: 'open', user: 'u' }, 'test')).toBe(
    '/?environment=test&user=u&status=open',
  )
})

const room = join(import.meta.dirname, '../../backend/admin/page')
const sources = readdirSync(room, { withFileTypes: true, recursive: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => ({
    path: join(entry.parentPath, entry.name).slice(room.length + 1),
    text: readFileSync(join(entry.parentPath, entry.name), 'utf8'),
  }))
const declared = sources
  .filter(({ path }) => path.startsWith('views/'))
  .map(({ text }) => /\bpath(?:: |\s*= )'([^']+)'/.exec(text)?.[1] ?? 'a view without a path')

it('every link leads to a view that is declared, and asks it for nothing that it does not know', () => {
  const links = sources.flatMap(({ path, text }) =>
    [...text.matchAll(/\bto\(\s*'([^']+)'/g)].map(([, link]) => ({ path, link: link ?? '' })),
  )
  const [pathOf, namesOf] = [
    (pattern: string) => pattern.split('?')[0],
    (pattern: string) => pattern.split('?')[1]?.split('&') ?? [],
  ]
  const isKnown = (link: string): boolean =>
    declared.some(
      (view) => pathOf(view) === pathOf(link) && namesOf(link).every((name) => namesOf(view).includes(name)),
    )
  expect(links.length).toBeGreaterThan(10)
  expect(links.filter(({ link }) => !isKnown(link))).toEqual([])
})
