import { describe, expect, it } from 'vitest'
import type { Session } from '../../backend/session/document.ts'
import { type DeviceClass, deviceClassOf, notedOpening } from '../../backend/session/opened-elsewhere.ts'
import { withCheckpoint } from '../../backend/session/with-checkpoint.ts'
import { assessmentOf, eventOf, sessionOf } from './session-fixture.ts'

const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1'
const windows =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36'

describe('the class of a device', () => {
  const rows: [string, string | null, DeviceClass | null][] = [
    ['Safari on an iPhone', iphone, 'phone'],
    [
      'Chrome on an Android phone',
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Mobile Safari/537.36',
      'phone',
    ],
    [
      'Firefox on an Android phone',
      'Mozilla/5.0 (Android 15; Mobile; rv:145.0) Gecko/145.0 Firefox/145.0',
      'phone',
    ],
    [
      'Chrome on an Android tablet',
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
      null,
    ],
    ['Chrome on Windows', windows, 'desktop'],
    [
      'Safari on a Mac',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15',
      'desktop',
    ],
    ['Firefox on Linux', 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'desktop'],
    [
      'Chrome on a Chromebook',
      'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
      'desktop',
    ],
    ['the bank’s own app', 'ExampleBank/5.2 (com.example.bank; build:41)', null],
    ['an app’s network library', 'okhttp/4.12.0', null],
    ['a program', 'node', null],
    ['an empty text', '', null],
    ['nothing', null, null],
  ]
  it.each(rows)('%s', (_, userAgent, expected) => {
    expect(deviceClassOf(userAgent)).toBe(expected)
  })
})

describe('a link that is opened elsewhere', () => {
  const low = assessmentOf({ score: 40, tier: 'low', steps: ['intent'] })
  const askedOn = (user_agent: string | null, change: Parameters<typeof eventOf>[0] = {}): Session =>
    sessionOf({ assessment: low, event: eventOf({ device: { id: 'd_1', user_agent }, ...change }) })
  const stepsOf = (session: Session) => session.checkpoint.steps.map(({ type }) => type)

  it.each([
    ['phone', iphone, 'desktop', windows],
    ['desktop', windows, 'phone', iphone],
  ])('from %s to %s adds a code and a few points, and says so', (asked_on, asked, answered_on, opened) => {
    const before = askedOn(asked)
    const { session, entries } = notedOpening(before, opened)
    expect(stepsOf(session)).toEqual(['intent', 'email_code'])
    expect(session.checkpoint.score).toBe(45)
    expect(session.checkpoint.reasons).toEqual([
      {
        code: 'LINK_OPENED_ELSEWHERE',
        family: 'takeover',
        points: 5,
        detail: `Asked for on a ${asked_on}, and answered on a ${answered_on}.`,
      },
    ])
    expect(entries).toEqual([
      expect.objectContaining({ action: 'link.opened_elsewhere', meta: { asked_on, answered_on } }),
    ])
    expect([session.checkpoint.tier, session.evaluation.assessment, session.status]).toEqual([
      before.checkpoint.tier,
      before.evaluation.assessment,
      'open',
    ])
  })

  const nothing: [string, Session, string | null][] = [
    ['on the same class of device', askedOn(iphone), iphone],
    ['where the site did not say', askedOn(null), windows],
    ['where the browser does not say', askedOn(iphone), null],
    ['by something that is neither', askedOn(iphone), 'okhttp/4.12.0'],
    ['after the first submit', withCheckpoint(askedOn(iphone), { turn: 1 }), windows],
    ['after the end', { ...askedOn(iphone), status: 'resolved' }, windows],
  ]
  it.each(nothing)('%s: nothing', (_, session, userAgent) => {
    expect(notedOpening(session, userAgent)).toEqual({ session, entries: [] })
  })

  it('asks for no code where no mailbox may confirm, because that would end the session by itself', () => {
    const without = askedOn(iphone, { user: { id: 'u_1' } })
    expect(stepsOf(notedOpening(without, windows).session)).toEqual(['intent'])
    const changed = askedOn(iphone, {
      user: { id: 'u_1', email: 'new@example.com', email_changed_at: '2026-11-21T09:00:00Z' },
    })
    expect(stepsOf(notedOpening(changed, windows).session)).toEqual(['intent'])
  })

  it('takes no step away, repeats none, and ends at 100 points', () => {
    const high = sessionOf({
      assessment: assessmentOf({ score: 98 }),
      event: eventOf({ device: { user_agent: iphone } }),
    })
    const { session } = notedOpening(high, windows)
    expect(session.checkpoint.steps).toEqual(high.checkpoint.steps)
    expect(session.checkpoint.score).toBe(100)
  })
})
