import { expect, test } from 'vitest'
import type { QuestionAnswer } from '#contract/question'
import { calmAnswers } from '../../backend/replay/calm-answers.ts'
import { questions } from '../../widget/texts/en/steps/questions.ts'
import { frameOf } from './support/bank.ts'
import { unexpected } from './support/browser.ts'
import { press, reach, type Surface, screen, settle } from './support/checkpoint.ts'
import { openHost, openPopup } from './support/popup.ts'
import { reverification } from './support/scenes.ts'
import { stage } from './support/stage.ts'

const { started, visit } = stage()

/** The question that stands, found by its words as a person would know it, and what can be answered. */
const questionOn = async (surface: Surface) => {
  const words = await surface.getByRole('heading', { level: 1 }).textContent()
  for (const [question, { headings, answers }] of Object.entries(questions.asked)) {
    if (headings.some((heading) => heading === words)) return { question, answers, words }
  }
  throw new Error(`"${words}" is no question of the set`)
}

const labelOf = (answers: Partial<Record<QuestionAnswer, string>>, answer: QuestionAnswer): string => {
  const label = answers[answer]
  if (label === undefined) throw new Error(`${answer} can’t be answered here`)
  return label
}

const calmLabel = async (surface: Surface): Promise<string> => {
  const { question, answers } = await questionOn(surface)
  const calm = Object.entries(calmAnswers).find(([name]) => name === question)?.[1]
  return labelOf(answers, calm ?? 'rather_not')
}

test('without JavaScript the questions after a hold are plain forms, one after the other', async () => {
  // A day after a contact was broken, Ana pays a new bill on her own. She is asked three things, each with a press.
  const { page } = await visit({ javaScriptEnabled: false })
  await page.goto(await reverification('first', () => true).open(started))
  const seen = new Set<string | null>()
  for (const number of [1, 2, 3]) {
    await page.getByText(`Question ${number} of 3`).waitFor()
    const { words } = await questionOn(page)
    await page.reload()
    expect((await questionOn(page)).words).toBe(words)
    seen.add(words)
    await press(page, await calmLabel(page))
  }
  expect(seen.size).toBe(3)
  await reach(page, 'pause')
})

test('in the popup they are answered by keyboard alone, and stop is always a key away', async () => {
  // Nothing is chosen beforehand: the focus is on the question, and the first Tab leads to the first answer.
  const { page, complaints } = await visit()
  const url = await reverification('first', () => true).open(started)
  await openHost(page, started)
  await openPopup(page, url)
  const frame = frameOf(page)
  await reach(frame, 'questions')
  await settle(frame)
  const { words } = await questionOn(frame)
  const last = frame.locator('.answers button').last()
  await last.focus()
  await page.keyboard.press('Enter')
  await frame.getByText('Question 2 of 3').waitFor()
  expect((await questionOn(frame)).words).not.toBe(words)
  expect(await frame.locator('h1').evaluate((node) => node === document.activeElement)).toBe(true)
  await settle(frame)
  await page.keyboard.press('Tab')
  const first = frame.locator('.answers button').first()
  expect(await first.evaluate((node) => node === document.activeElement)).toBe(true)
  await frame.locator('.stop').focus()
  await page.keyboard.press('Enter')
  await reach(frame, 'ended')
  expect(unexpected(complaints)).toEqual([])
})

test('who was told that the money is not safe where it is meets Break Contact, and nothing is sent', async () => {
  // The caller is back a day later with the same story, and has said what to answer to the first question.
  const { page } = await visit()
  await page.goto(await reverification('purpose', (question) => question === 'purpose').open(started))
  await press(page, questions.asked.purpose.answers.keep_safe)
  await screen(page, 'break_contact').waitFor()
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Nothing has been sent.')
  expect(await page.locator('#hold').textContent()).toContain('You can start this payment again after')
})
