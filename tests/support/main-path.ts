import { expect } from 'vitest'
import { verifyTrail } from '../../backend/audit/verify.ts'
import {
  codeIn,
  expectedOf,
  ingest,
  openPage,
  type Page,
  step,
  submit,
  trail,
  transfer,
  verify,
} from './client.ts'
import type { World } from './world.ts'

/**
 * Ana wants to send 10,000 dollars to somebody she has never paid. Her bank asks us, she meets the checkpoint, says that
 * nobody is guiding her, confirms, waits, types the code from her mailbox; the bank spends the decision exactly once, and
 * the trail tells all of it.
 */
export const walkMainPath = async (world: World, key: string): Promise<void> => {
  const event = transfer()
  const asked = await ingest(world, key, event, 'transfer-1')
  expect(asked.status, JSON.stringify(asked.body)).toBe(200)
  expect(asked.body.outcome).toBe('delay_verify')
  expect(asked.body.reasons.reduce((sum, reason) => sum + reason.points, 0)).toBe(asked.body.score)

  const seen: string[] = []
  let page = await openPage(world, asked.body.session.url)
  while (page.view.status === 'open') {
    seen.push(page.view.screen.screen)
    page = await answerHonestly(world, page)
  }
  expect(seen).toEqual(['intent', 'confirm_action', 'pause', 'email_code'])
  expect(page.view.screen.screen).toBe('allowed')

  const { token } = page.view
  const claims = JSON.parse(Buffer.from(token?.split('.')[1] ?? '', 'base64url').toString())
  expect(claims.methods).toEqual(seen)
  const spent = await verify(world, key, { token, expected: expectedOf(event) })
  expect(spent.body).toMatchObject({ valid: true, outcome: 'allow' })
  const again = await verify(world, key, { token, expected: expectedOf(event) })
  expect(again.body).toMatchObject({ valid: false, code: 'already_used' })

  const { body } = await trail(world, key, asked.body.session.id)
  expect(body.entries.map((entry) => entry.action)).toEqual(mainPathTrail)
  expect(verifyTrail(body.entries, body.head)).toEqual({ ok: true, length: body.entries.length })
}

const answerHonestly = async (world: World, page: Page): Promise<Page> => {
  switch (page.view.screen.screen) {
    case 'intent':
      return step(world, page, 'intent', { answer: 'no' })
    case 'confirm_action':
      return step(world, page, 'confirm', { answer: 'confirmed' })
    case 'pause':
      expect((await submit(world, page, 'continue')).body.view.error).toBe('pause_not_over')
      world.advance(31_000)
      return step(world, page, 'continue')
    case 'email_code':
      await world.relay()
      return step(world, page, 'respond', { code: codeIn(world) })
    default:
      throw new Error(`an open session shows ${page.view.screen.screen}`)
  }
}

const mainPathTrail = [
  'event.ingested',
  'step.prepared',
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
]
