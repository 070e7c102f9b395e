import { expect, test } from 'vitest'
import { frameOf } from './support/bank.ts'
import { answer, reach, type Surface } from './support/checkpoint.ts'
import { openHost, openPopup } from './support/popup.ts'
import { stage } from './support/stage.ts'
import { askFor, payment } from './support/stranger.ts'

const { started, visit } = stage()
const smallPhone = { viewport: { width: 390, height: 700 }, hasTouch: true, isMobile: true }

/** How far the screen reaches below the fold, and where the way out begins; in CSS pixels. */
const layoutOf = (surface: Surface) =>
  surface.locator('html').evaluate((root) => ({
    below: Math.max(0, root.scrollHeight - root.clientHeight),
    beside: Math.max(0, root.scrollWidth - root.clientWidth),
    stop: root.querySelector('.stop')?.getBoundingClientRect().top ?? null,
    smallest: Math.min(
      ...[...root.querySelectorAll('button, a.button, input:not([type=hidden])')].map((target) => {
        const { width, height } = target.getBoundingClientRect()
        return Math.min(width, height)
      }),
    ),
  }))

test.each([
  ['as a full page', false],
  ['in the popup', true],
] as const)(
  'on a small phone nothing of a step lies below the fold, and Stop keeps its place, %s',
  async (_, framed) => {
    // 390 by 700: a phone with the browser's bars. The four steps of the high tier, one after the other; the thumb finds
    // the way out at the same place each time.
    const { page } = await visit(smallPhone)
    const asked = await askFor(started, payment(1_000_000))
    const surface: Surface = framed ? frameOf(page) : page
    if (framed) {
      await openHost(page, started)
      await openPopup(page, asked.url)
    } else await page.goto(asked.url)

    await reach(surface, 'intent')
    const intent = await layoutOf(surface)
    await answer(surface, 'no')
    await reach(surface, 'confirm_action')
    const confirm = await layoutOf(surface)
    await answer(surface, 'exactly')
    await reach(surface, 'pause')
    const pause = await layoutOf(surface)
    for (const layout of [intent, confirm, pause]) {
      expect(layout).toMatchObject({ below: 0, beside: 0 })
      expect(layout.smallest).toBeGreaterThanOrEqual(44)
    }
    expect([confirm.stop, pause.stop]).toEqual([intent.stop, intent.stop])
  },
)

test('on a small phone the code, and what is wrong with it, lie above the fold', async () => {
  // The keyboard will take half of it anyway; nothing else may push the field away.
  const { page } = await visit(smallPhone)
  const asked = await askFor(started, payment(200_000))
  await page.goto(asked.url)
  await answer(page, 'no')
  await reach(page, 'email_code')
  const plain = await layoutOf(page)
  await page.getByLabel(/^Code of/).fill('1')
  await page.getByRole('button', { name: 'Confirm the code' }).click()
  await page.locator('#error').waitFor()
  const withError = await layoutOf(page)
  expect([plain.below, withError.below, plain.beside, withError.beside]).toEqual([0, 0, 0, 0])
  expect(withError.stop).toBe(plain.stop)
})

test.each([
  ['at 320 pixels', { width: 320, height: 640 }, '100%'],
  ['with text at 200 %', { width: 640, height: 900 }, '200%'],
] as const)('%s nothing is cut off sideways', async (_, viewport, textSize) => {
  // WCAG 2.2, 1.4.10 and 1.4.4: the page reflows instead of scrolling in two directions.
  const { page } = await visit({ viewport })
  const asked = await askFor(started, payment(200_000))
  await page.goto(asked.url)
  await reach(page, 'intent')
  await page.evaluate((size) => {
    document.documentElement.style.setProperty('font-size', size)
  }, textSize)
  expect(await layoutOf(page)).toMatchObject({ beside: 0 })
  await answer(page, 'yes')
  await reach(page, 'break_contact')
  expect(await layoutOf(page)).toMatchObject({ beside: 0 })
})
