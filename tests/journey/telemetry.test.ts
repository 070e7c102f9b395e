import { expect, it } from 'vitest'
import { worldForFile } from '../support/world-for-file.ts'
import { ask, openSite, person } from './stage.ts'

/** What a browser says of itself, where the site says nothing. */

const world = await worldForFile()
const site = await openSite(world)

it('a device id that a browser copied is not the device that the site knows', async () => {
  const user = person()
  const login = (facts: Record<string, unknown>) => ask(site, { action: 'login', user, ...facts })
  await login({ device: { id: 'd_home' } })
  const silent = await login({})
  expect(silent.unknown).toContain('device.id')

  const copied = await login({ telemetry: { device_id: 'd_home' } })
  // No browser of theirs is known yet, so there is none to compare with.
  expect(copied.unknown).toContain('profile.devices')
  expect(copied.score).toBeGreaterThanOrEqual(silent.score)

  // It was learned as what it is: a browser's word, which makes nothing known.
  const again = await login({ telemetry: { device_id: 'd_home' } })
  expect([again.score, again.unknown.includes('device.id')]).toEqual([silent.score, true])
  const stolen = await login({ telemetry: { device_id: 'd_stolen' } })
  expect(stolen.reasons).toContainEqual(expect.objectContaining({ code: 'DEVICE_NEW', points: 18 }))
  const named = await login({ device: { id: 'd_stolen' } })
  expect(named.reasons).toContainEqual(expect.objectContaining({ code: 'DEVICE_NEW', points: 18 }))
})
