import { expect, test } from 'vitest'
import { behindTheScenes, dialogOf, fillTransfer, observe, pay, signIn } from './support/bank.ts'
import { stage } from './support/stage.ts'

const { started, visit } = stage()

test('the rent to a landlord of many years goes through without a question, once, however often the button is pressed', async () => {
  // First of the month: Ana pays the rent as ever, and is in a hurry, so she double-clicks. Nothing stands in her way,
  // and the bank's books show one payment.
  const { page, complaints } = await visit()
  await signIn(page, started, 'Ana Ruiz')
  const button = await fillTransfer(page, started, { to: 'Marisol Vega', amount: '480.00' })
  await button.dblclick()

  await page.getByRole('heading', { name: 'Done.' }).waitFor()
  expect(await page.getByText('480.00 EUR sent to Marisol Vega').isVisible()).toBe(true)
  expect(await dialogOf(page).count()).toBe(0)
  await expect
    .poll(() => behindTheScenes(page))
    .toEqual([
      'POST /events/evt_…/result',
      'POST /transfer',
      'POST /decisions/verify',
      'POST /events/ingest',
      'POST /history',
    ])

  await page.goto(started.demo_url)
  const today = new Date().toISOString().slice(0, 10)
  const paid = page.locator('.rows li', { hasText: 'Marisol Vega' })
  expect(await paid.filter({ has: page.locator(`time[datetime^="${today}"]`) }).count()).toBe(1)
  expect(complaints).toEqual([])
})

test('a call that is going on does not stand between a person and the rent', async () => {
  // Ana chats with her sister while she pays. A call alone is no reason to ask.
  const { page, complaints } = await visit()
  await signIn(page, started, 'Ana Ruiz')
  await observe(page, started, 'On a call')
  await pay(page, started, { to: 'Luz del Sur', amount: '62.40' })

  await page.getByRole('heading', { name: 'Done.' }).waitFor()
  expect(await dialogOf(page).count()).toBe(0)
  expect(complaints).toEqual([])
})
