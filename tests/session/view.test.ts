import { describe, expect, it } from 'vitest'
import { stepOrder } from '#contract/step'
import { sessionView } from '../../backend/contract/session-view.ts'
import type { Organisation } from '../../backend/org/organisation.ts'
import type { Session } from '../../backend/session/document.ts'
import { advance } from '../../backend/session/machine.ts'
import { viewOf } from '../../backend/session/view.ts'
import { written } from '../../backend/session/write.ts'
import { assessmentOf, contextAt, eventOf, rightCode, sessionOf, startOfTime } from './session-fixture.ts'

/** What the page may know, and nothing more. */

const organisation = {
  name: 'Example Bank',
  support_phone: '+44 20 7946 0000',
  support_url: null,
  language: 'en',
} as Organisation

const viewAt = (session: Session, now = startOfTime) =>
  viewOf(session, {
    now,
    sessionKey: 'key',
    stepToken: 'step',
    token: null,
    organisation,
    language: { code: 'en', direction: 'ltr', version: 'en-1' },
    error: null,
  })

const follow = (session: Session, ...submits: Parameters<typeof advance>[1][]): Session =>
  submits.reduce((at, submit) => {
    const now = at.updated_at + (submit.action === 'continue' ? 30_000 : 0)
    const advanced = advance(at, submit, contextAt(now))
    if (advanced.kind === 'refused') throw new Error(advanced.error)
    return written(advanced.move, now, 'x')
  }, session)

const no = { action: 'intent', answer: 'no' } as const
const confirmed = { action: 'confirm', answer: 'confirmed' } as const
const goOn = { action: 'continue' } as const
const right = { action: 'respond', code: rightCode } as const

const asked = sessionOf({ assessment: assessmentOf({ steps: [...stepOrder] }) })

const situations: [string, Session, string][] = [
  ['question', sessionOf(), 'intent'],
  ['confirmation', follow(sessionOf(), no), 'confirm_action'],
  ['question beyond the first', follow(asked, no, confirmed), 'questions'],
  ['pause', follow(sessionOf(), no, confirmed), 'pause'],
  ['code', follow(sessionOf(), no, confirmed, goOn), 'email_code'],
  ['allowed', follow(sessionOf(), no, confirmed, goOn, right), 'allowed'],
  ['contact broken', follow(sessionOf(), { action: 'intent', answer: 'yes' }), 'break_contact'],
  ['cancelled', follow(sessionOf(), { action: 'cancel' }), 'ended'],
  ['denied', follow(sessionOf(), no, { action: 'confirm', answer: 'denied' }), 'ended'],
  [
    'not sure at the confirmation',
    follow(sessionOf(), no, { action: 'confirm', answer: 'not_sure' }),
    'break_contact',
  ],
  ['blocked', sessionOf({ blocked_by: 'blocked' }), 'break_contact'],
  ['held', sessionOf({ blocked_by: 'held' }), 'break_contact'],
  ['without an address', sessionOf({ blocked_by: 'contact_missing' }), 'ended'],
]

describe('the view', () => {
  it.each(situations)('%s fits the contract and shows its screen', (_name, session, screen) => {
    const view = viewAt(session, session.updated_at)
    expect(sessionView.parse(view)).toEqual(view)
    expect(view.screen.screen).toBe(screen)
    expect(view.status).toBe(session.status)
  })

  it.each(situations)('%s names no score, reason, rule, tier or code', (_name, session) => {
    const text = JSON.stringify(viewAt(session, session.updated_at))
    for (const word of [
      'score',
      'reason',
      'rule',
      'tier"',
      'ACTION_SENSITIVE',
      'policy',
      rightCode,
      'ana@example.com',
      'GB33BUKB',
    ])
      expect(text.includes(word), word).toBe(false)
  })

  it('rotates the order of answers by session, never within one', () => {
    const first = (id: string) => {
      const { screen } = viewAt(sessionOf({ _id: id }))
      return screen.screen === 'intent' ? screen.answers[0] : null
    }
    const firsts = Array.from({ length: 60 }, (_, at) => first(`ses_${at}`))
    expect(new Set(firsts)).toEqual(new Set(['yes', 'no', 'not_sure']))
    expect(first('ses_7')).toBe(first('ses_7'))
    for (let at = 0; at < 12; at += 1) {
      const { screen } = viewAt(sessionOf({ _id: `ses_${at}` }))
      expect(screen.screen === 'intent' && screen.answers.toSorted()).toEqual(['no', 'not_sure', 'yes'])
    }
  })

  it('says that time is over before anybody has written it down', () => {
    const session = sessionOf()
    const view = viewAt(session, session.checkpoint.deadline_at)
    expect(view).toMatchObject({ status: 'resolved', outcome: 'block_escalate', resolution: 'expired' })
    expect(viewAt(session, session.checkpoint.deadline_at - 1).status).toBe('open')
  })

  it('puts the session into the return URL and no token', () => {
    const session = sessionOf({ event: eventOf({ return_url: 'https://bank.example/done' }) })
    const { return_url } = viewAt(session)
    expect(return_url).toBe('https://bank.example/done?session_id=ses_1')
  })

  it.each([
    [{ name: 'J. Smith', account: 'GB33BUKB20201555555555' }, '5555'],
    [{ name: 'J. Smith', account: '1234' }, null],
    [{ name: 'J. Smith' }, null],
  ])('shows at most four characters of an account: %j', (payee, ending) => {
    expect(viewAt(sessionOf({ event: eventOf({ payee }) })).action.payee?.account_ending).toBe(ending)
  })

  it('demands the whole page from the high tier alone, where a frame can prove nothing', () => {
    expect(viewAt(sessionOf()).full_page_if_unprovable).toBe(true)
  })
})
