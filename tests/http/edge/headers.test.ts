import { describe, expect, test } from 'vitest'
import {
  apiHeaders,
  challengeHeaders,
  hashedAssetHeaders,
  publicScriptHeaders,
  replaceHeaders,
} from '../../../backend/http/headers.ts'
import type { Middleware } from '../../../backend/http/http-state.ts'
import { startEdge } from './edge-app.ts'

const nonce = 'bm9uY2Utb2YtMTI4LWJpdHM='

/** On every response of every kind. */
const everywhere = {
  'Strict-Transport-Security': 'max-age=63072000; includeSubDomains',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'strict-origin',
  'Permissions-Policy': expect.stringMatching(
    /^accelerometer=\(\), .*camera=\(\), .*microphone=\(\), .*usb=\(\)/,
  ),
  'Cross-Origin-Opener-Policy': 'same-origin',
}
const nothingAllowed = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

describe('security headers', () => {
  test('of the API, whole', () => {
    expect(apiHeaders).toEqual({
      ...everywhere,
      'Content-Security-Policy': nothingAllowed,
      'X-Frame-Options': 'DENY',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Cache-Control': 'no-store',
      'X-Robots-Tag': 'noindex',
    })
  })

  test('of the loader, whole: any site may run it, also under COEP, and nobody caches it for long', () => {
    expect(publicScriptHeaders).toEqual({
      ...everywhere,
      'Content-Security-Policy': nothingAllowed,
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Access-Control-Allow-Origin': '*',
      'Cache-Control': 'public, max-age=300',
    })
  })

  test('of hashed assets, whole', () => {
    expect(hashedAssetHeaders).toEqual({
      ...everywhere,
      'Content-Security-Policy': nothingAllowed,
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Cache-Control': 'public, max-age=31536000, immutable',
    })
  })

  test('of a framed checkpoint, whole', () => {
    const ancestors = ['https://bank.example', 'http://localhost:8082']
    expect(challengeHeaders({ nonce, frameAncestors: ancestors })).toEqual({
      ...everywhere,
      'Content-Security-Policy': [
        "default-src 'none'",
        `script-src 'nonce-${nonce}'`,
        `style-src 'nonce-${nonce}'`,
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        'frame-ancestors https://bank.example http://localhost:8082',
        "require-trusted-types-for 'script'",
        'trusted-types lit-html',
      ].join('; '),
      'Cross-Origin-Resource-Policy': 'cross-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      'Cache-Control': 'no-store',
      'X-Robots-Tag': 'noindex',
    })
  })

  test('of a checkpoint that nobody may frame', () => {
    const headers = challengeHeaders({ nonce, frameAncestors: [] })
    expect(headers['Content-Security-Policy']).toContain("frame-ancestors 'none'")
    expect(headers['X-Frame-Options']).toBe('DENY')
    expect(headers['Cross-Origin-Resource-Policy']).toBe('same-origin')
  })

  test('a form of the page may end on the page’s own origin alone', () => {
    const headers = challengeHeaders({ nonce, frameAncestors: ['https://bank.example'] })
    expect(headers['Content-Security-Policy']).toContain("form-action 'self';")
  })

  test.each([
    '*',
    'https:',
    'https://*.bank.example',
    "https://bank.example; script-src 'unsafe-inline'",
    'https://bank.example,x',
    'https://bank.example/',
    'http://bank.example',
    "'self'",
    'null',
  ])('%s is never written into a policy', (origin) => {
    expect(() => challengeHeaders({ nonce, frameAncestors: [origin] })).toThrow()
  })

  test.each(['', 'short', "x' 'unsafe-inline", 'a'.repeat(21), `${nonce};`])('%j is no nonce', (wrong) => {
    expect(() => challengeHeaders({ nonce: wrong, frameAncestors: [] })).toThrow()
  })

  test('a table replaces another one completely, on an error page too', async () => {
    const page: Middleware = async (ctx, next) => {
      replaceHeaders(ctx, apiHeaders)
      replaceHeaders(ctx, challengeHeaders({ nonce, frameAncestors: ['https://bank.example'] }))
      if (ctx.path === '/page') ctx.body = 'page'
      else await next()
    }
    const edge = await startEdge({ routes: [], middleware: [page] })
    const framed = (await edge.send({ path: '/page' })).headers
    expect(framed).not.toHaveProperty('x-frame-options')
    expect(framed['cross-origin-embedder-policy']).toBe('require-corp')
    const lost = (await edge.send({ path: '/lost' })).headers
    expect(lost['x-frame-options']).toBe('DENY')
    expect(lost['content-security-policy']).toBe(nothingAllowed)
    expect(lost).not.toHaveProperty('cross-origin-embedder-policy')
  })
})
