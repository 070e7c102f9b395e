import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { loadStaticFiles } from '../../../backend/http/static-files.ts'
import { startEdge } from './edge-app.ts'

const root = mkdtempSync(join(tmpdir(), 'ase-static-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

writeFileSync(join(root, 'outside.js'), 'export {}')

const build = (manifest: unknown): string => {
  const folder = mkdtempSync(join(root, 'dist-'))
  mkdirSync(join(folder, 'loader'))
  mkdirSync(join(folder, 'assets'))
  writeFileSync(join(folder, 'loader/ase.js'), `/* loader */${';'.repeat(2000)}`)
  writeFileSync(join(folder, 'assets/frame-a1b2.js'), 'export {}')
  writeFileSync(join(folder, 'assets/frame-c3d4.css'), ':root{}')
  writeFileSync(join(folder, 'private.js'), 'not listed')
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
  return folder
}
const loader = { en: { file: 'loader/ase.js', integrity: 'sha384-x', gzip_bytes: 1 } }
const frame = { en: { file: 'assets/frame-a1b2.js', assets: ['assets/frame-c3d4.css'] } }
const files = loadStaticFiles(build({ loader, frame, demo: { main: { file: 'private.js' } } }))
const edge = await startEdge({ routes: [], middleware: [files.middleware] })

describe('static files', () => {
  test('the loader is public, cached briefly and readable from any origin', async () => {
    const answer = await edge.send({ path: '/v1/ase.js' })
    expect(answer.status).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'cache-control': 'public, max-age=300',
      'cross-origin-resource-policy': 'cross-origin',
      'access-control-allow-origin': '*',
      vary: 'Accept-Encoding',
    })
    expect(answer.text).toContain('/* loader */')
  })

  test.each([
    ['/assets/frame-a1b2.js', 'text/javascript; charset=utf-8', 'export {}'],
    ['/assets/frame-c3d4.css', 'text/css; charset=utf-8', ':root{}'],
  ])('%s never changes under its name', async (path, type, text) => {
    const answer = await edge.send({ path })
    expect([answer.status, answer.headers['content-type'], answer.text]).toEqual([200, type, text])
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable')
  })

  test.each(['br', 'gzip'])('is sent as %s to whoever takes it', async (encoding) => {
    const answer = await edge.send({ path: '/v1/ase.js', headers: { 'accept-encoding': encoding } })
    expect(answer.headers['content-encoding']).toBe(encoding)
    expect(Number(answer.headers['content-length'])).toBeLessThan(200)
  })

  test('the icon that browsers ask for unasked is no error in their console', async () => {
    const answer = await edge.send({ path: '/favicon.ico' })
    expect([answer.status, answer.text]).toEqual([204, ''])
  })

  test('an unchanged file is 304', async () => {
    const first = await edge.send({ path: '/v1/ase.js' })
    const again = await edge.send({
      path: '/v1/ase.js',
      headers: { 'if-none-match': String(first.headers.etag) },
    })
    expect([again.status, again.text]).toEqual([304, ''])
    const other = await edge.send({ path: '/v1/ase.js', headers: { 'if-none-match': 'W/"other"' } })
    expect(other.status).toBe(200)
  })

  test('HEAD has the headers alone', async () => {
    const answer = await edge.send({ method: 'HEAD', path: '/v1/ase.js' })
    expect([answer.status, answer.text]).toEqual([200, ''])
    expect(answer.headers['content-type']).toContain('javascript')
  })

  test.each([
    '/private.js',
    '/loader/ase.js',
    '/manifest.json',
    '/assets/',
    '/assets/../private.js',
    '/assets/..%2fprivate.js',
    '/%2e%2e/package.json',
    '/v1/ASE.js',
    '/v1/ase.js/',
  ])('%s is not there', async (path) => {
    expect((await edge.send({ path })).status).toBe(404)
  })

  test('an entry knows its files', () => {
    expect(files.frame('en')).toEqual({
      script: '/assets/frame-a1b2.js',
      styles: ['/assets/frame-c3d4.css'],
      code: 'export {}',
    })
  })

  test.each(['"</script>"', '"</SCRIPT "', '"<!--"'])(
    'a script that says %s is never put into a page',
    (said) => {
      const folder = build({ loader, frame })
      writeFileSync(join(folder, 'assets/frame-a1b2.js'), `export const said = ${said}`)
      expect(loadStaticFiles(folder).frame('en')).not.toHaveProperty('code')
    },
  )

  test('a build without the analysts’ page says so when it is asked for', () => {
    expect(() => files.admin()).toThrow('npm run build')
  })

  test.each<[string, () => string]>([
    ['no build', () => join(root, 'none')],
    [
      'a file of the manifest that is missing',
      () => build({ loader, frame: { en: { file: 'assets/none.js' } } }),
    ],
    ['a manifest that leaves its folder', () => build({ loader, frame: { en: { file: '../outside.js' } } })],
    [
      'a file of a type that nobody expects',
      () => build({ loader, frame: { en: { file: 'manifest.json' } } }),
    ],
    ['a build without its frame', () => build({ loader })],
    ['a build without a language', () => build({ loader, frame: { xx: frame.en } })],
  ])('refuses to start with %s', (_, folder) => {
    expect(() => loadStaticFiles(folder())).toThrow()
  })
})
