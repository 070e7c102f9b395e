import { expect, it } from 'vitest'
import { isTimeZone, regionOf } from '../../backend/session/region.ts'
import { eventOf } from './session-fixture.ts'

/**
 * A European bank's customer reads "Sat, 21 Nov, 15:01" on the clock of their own kitchen, and nobody reads a date of the
 * United States who is not there.
 */

type Told = { locale?: string; zone?: string }
const region = ({ locale, zone }: Told, language: string, time_zone: string | null = null) =>
  regionOf(
    {
      event: eventOf({
        user: { id: 'u_1', locale: locale ?? null },
        telemetry: zone === undefined ? null : { time_zone: zone },
      }),
    },
    { language, time_zone },
    'en',
  )

it.each<[string, Told, string, string]>([
  ['the person’s own region', { locale: 'es-ES' }, 'en-GB', 'en-ES'],
  ['the organisation’s, when the site names a language only', { locale: 'es' }, 'en-GB', 'en-GB'],
  ['the organisation’s, when the site names nothing', {}, 'de-DE', 'en-DE'],
  ['the United States’, when they are meant', { locale: 'en-US' }, 'en-GB', 'en-US'],
  ['Europe’s, when nobody names a region', {}, 'en', 'en-150'],
  ['the organisation’s, when English knows no habits of the person’s', { locale: 'pt-BR' }, 'en-GB', 'en-GB'],
  ['the organisation’s, when what was sent is no language', { locale: 'not a locale!' }, 'en-IE', 'en-IE'],
])('dates follow %s', (_name, told, language, expected) => {
  expect(region(told, language).locale).toBe(expected)
})

it.each<[string, Told, string | null, { time_zone: string; is_own: boolean }]>([
  [
    'the person’s browser',
    { zone: 'Europe/Madrid' },
    'Europe/London',
    { time_zone: 'Europe/Madrid', is_own: true },
  ],
  ['the organisation', {}, 'Europe/London', { time_zone: 'Europe/London', is_own: false }],
  [
    'the organisation, when the browser told nonsense',
    { zone: 'Mars/Olympus' },
    'Europe/London',
    { time_zone: 'Europe/London', is_own: false },
  ],
  ['nobody', {}, null, { time_zone: 'UTC', is_own: false }],
])('the clock is that of %s', (_name, told, zone, expected) => {
  expect(region(told, 'en', zone)).toMatchObject(expected)
})

it('an offset is no time zone: it would be an hour off for half of the year', () => {
  expect(['Europe/Madrid', 'UTC', '+01:00', 'Mars/Olympus', ''].map(isTimeZone)).toEqual([
    true,
    true,
    false,
    false,
    false,
  ])
})
