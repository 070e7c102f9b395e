import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyTrail } from '../../backend/audit/verify.ts'
import {
  codeIn,
  expectedOf,
  ingest,
  openPage,
  step,
  submit,
  trail,
  transfer,
  verify,
} from '../support/client.ts'
import { openOrganisation, openWorld, type World } from '../support/world.ts'

/**
 * Ana wants to send 10,000 dollars to somebody she has never paid. Her bank asks us, she meets the checkpoint, says that
 * nobody is guiding her, confirms, waits, types the code from her mailbox; the bank spends the decision exactly once.
 */
describe('the main path over HTTP', () => {
  let world: World
  let key: string
  beforeAll(async () => {
    world = await openWorld()
    key = (await openOrganisation(world)).key
  })
  afterAll(() => world.close())

  it('goes from a risky transfer to a token that is spent once', async () => {
    const event = transfer()
    const asked = await ingest(world, key, event, 'transfer-1')
    expect(asked.status, JSON.stringify(asked.body)).toBe(200)
    expect(asked.body.outcome).toBe('delay_verify')
    expect(asked.body.reasons.reduce((sum, reason) => sum + reason.points, 0)).toBe(asked.body.score)

    let page = await openPage(world, asked.body.session.url)
    const seen: string[] = []
    for (;;) {
      seen.push(page.view.screen.screen)
      if (page.view.screen.screen === 'intent') page = await step(world, page, 'intent', { answer: 'no' })
      else if (page.view.screen.screen === 'confirm_action')
        page = await step(world, page, 'confirm', { answer: 'confirmed' })
      else if (page.view.screen.screen === 'pause') {
        expect((await submit(world, page, 'continue')).body.view.error).toBe('pause_not_over')
        world.advance(31_000)
        page = await step(world, page, 'continue')
      } else if (page.view.screen.screen === 'email_code') {
        await world.relay()
        page = await step(world, page, 'respond', { code: codeIn(world) })
      } else break
    }
    expect(seen).toEqual(['intent', 'confirm_action', 'pause', 'email_code', 'allowed'])
    const { token } = page.view
    expect(token).toEqual(expect.any(String))

    const spent = await verify(world, key, { token, expected: expectedOf(event) })
    expect(spent.body).toMatchObject({ valid: true, outcome: 'allow' })
    const again = await verify(world, key, { token, expected: expectedOf(event) })
    expect(again.body).toMatchObject({ valid: false, code: 'already_used' })

    const { body } = await trail(world, key, asked.body.session.id)
    expect(body.entries.map((entry) => entry.action)).toEqual([
      'event.ingested',
      'step.started',
      'intent.answered',
      'step.started',
      'action.confirmed',
      'step.started',
      'submit.refused',
      'pause.ended',
      'step.started',
      'code.issued',
      'code.sent',
      'code.accepted',
      'session.resolved',
      'decision.used',
      'decision.answered',
      'decision.use_refused',
    ])
    expect(verifyTrail(body.entries, body.head)).toEqual({ ok: true, length: body.entries.length })
  })
})
