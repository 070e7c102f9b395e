import { expect, it } from 'vitest'
import { ingest, keyOfUrl, transfer } from '../support/client.ts'
import { openOrganisation } from '../support/world.ts'
import { worldForFile } from '../support/world-for-file.ts'

/**
 * A shop forgot to register the address of its own page. A frame that stays empty looks like an outage; so the frame says what
 * is missing, and nothing else, to a page that may see nothing of the session.
 */

const world = await worldForFile()
const { key } = await openOrganisation(world, { origins: ['https://bank.example'] }, 'test')
const asked = await ingest(world, key, transfer({ test: { outcome: 'delay_verify' } }))
const url = `${world.url}/challenge/${keyOfUrl(asked.body.session.url)}`

const framed = (referer: string | null, dest = 'iframe', path = url) =>
  fetch(path, { headers: { 'sec-fetch-dest': dest, ...(referer === null ? {} : { referer }) } })

it('a page of an unregistered origin is told origin_not_allowed, and nothing of the session', async () => {
  const answer = await framed('https://shop.example/')
  expect(answer.status).toBe(403)
  expect(answer.headers.get('content-security-policy')).toContain('frame-ancestors https://shop.example;')
  expect(answer.headers.get('content-security-policy')).toMatch(/script-src 'nonce-[^']+';/)
  const html = await answer.text()
  expect(html).toContain("type: 'origin_not_allowed'")
  for (const secret of ['J. Smith', '10,000', 'Example Bank', keyOfUrl(url), 'ses_', '<form', 'id="view"'])
    expect(html.includes(secret), secret).toBe(false)
})

it.each([
  ['the organisation’s own page', 'https://bank.example/', 'iframe'],
  ['a frame that names no page', null, 'iframe'],
  ['a frame whose page is no origin that could be registered', 'not a url', 'iframe'],
  ['a page in clear text on the open network', 'http://shop.example/', 'iframe'],
  ['the checkpoint’s own page, on its next screen', 'SELF', 'iframe'],
  ['a whole page, come to by a link of any site', 'https://shop.example/', 'document'],
])('%s is served as ever, under the organisation’s own frame-ancestors', async (_name, referer, dest) => {
  const answer = await framed(referer === 'SELF' ? `${world.deps.config.checkpointOrigin}/` : referer, dest)
  expect(answer.status).toBe(200)
  const ancestors = /frame-ancestors ([^;]+)/.exec(answer.headers.get('content-security-policy') ?? '')?.[1]
  expect(ancestors).toBe(dest === 'iframe' ? 'https://bank.example' : "'none'")
})

it('a link that opens nothing looks the same to every page', async () => {
  const [stranger, own] = await Promise.all(
    ['https://shop.example/', 'https://bank.example/'].map((referer) =>
      framed(referer, 'iframe', `${world.url}/challenge/there-is-nothing-here`),
    ),
  )
  expect([stranger?.status, own?.status]).toEqual([404, 404])
  expect(stranger?.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
})
