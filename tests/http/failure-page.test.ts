import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ingest, keyOfUrl, transfer } from '../support/client.ts'
import { openOrganisation, openWorld, type World } from '../support/world.ts'

const asBrowser = { accept: 'text/html,application/xhtml+xml' }

describe('what a person meets when the checkpoint fails', () => {
  let world: World
  let key: string
  beforeAll(async () => {
    world = await openWorld({ env: { LIMITS_SCALE: '1' } })
    key = (await openOrganisation(world)).key
  })
  afterAll(() => world.close())

  it('is a page of words after too many loads, with Retry-After', async () => {
    const { body } = await ingest(world, key, transfer())
    const url = `${world.url}/challenge/${keyOfUrl(body.session.url)}`
    const loads = await Promise.all(Array.from({ length: 40 }, () => fetch(url, { headers: asBrowser })))
    const refused = loads.find((response) => response.status === 429)
    expect(refused?.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(refused?.headers.get('retry-after')).toMatch(/^\d+$/)
    expect(await refused?.text()).toContain('There were too many tries just now.')
  })

  it('is a page of words when a form can not be read', async () => {
    const response = await fetch(`${world.url}/checkpoint/intent`, {
      method: 'POST',
      headers: { ...asBrowser, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'answer=maybe',
    })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain('We can’t check this right now.')
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
  })

  it('stays a problem for programs', async () => {
    const response = await fetch(`${world.url}/checkpoint/intent`, { method: 'POST', body: '{}' })
    expect(response.headers.get('content-type')).toBe('application/problem+json')
  })
})
