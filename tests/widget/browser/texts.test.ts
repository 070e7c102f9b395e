import { wordingsEach } from '#contract/question'
import { actionLine } from '../../../widget/texts/action-facts.ts'
import { formatAmount } from '../../../widget/texts/amount.ts'
import { screens as en } from '../../../widget/texts/en/screens.ts'
import { languageOf } from '../../../widget/texts/languages.ts'
import { plainLine } from '../../../widget/texts/typed-name.ts'
import { wordings } from '../../../widget/texts/wording.ts'
import { view } from '../views.ts'
import { equal, ok } from './expect.ts'
import { describe, it } from './mocha.ts'

const company = 'Northwind Bank'
const facts = { name: 'x', amount: '10.00 USD', payee: 'J. Smith', ending: '5555', target: 'a target' }

/** Every sentence in a value, functions called with likely arguments. */
const sentences = (value: unknown, key = ''): string[] => {
  if (typeof value === 'string') return [value]
  if (typeof value === 'function') {
    const argument = ['wait', 'continueIn', 'triesLeft', 'works', 'label', 'resendIn', 'progress'].includes(
      key,
    )
      ? 3
      : company
    return [String(wordings.some((wording) => wording === key) ? value(argument) : value(argument))]
  }
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => sentences(inner, name))
}

const { actionLine: lines, ...rest } = en
const all = [...sentences(rest), ...wordings.map((wording) => lines[wording](facts))]
const headings = [
  ...en.steps.intent.questions.map(({ heading }) => heading),
  en.steps.confirm_action.heading,
  ...Object.values(en.steps.questions.asked).flatMap(({ headings }) => headings),
  en.steps.pause.heading,
  en.steps.email_code.heading,
  ...Object.values(en.breakContact.nothingHappened),
  en.allowed.heading,
  ...Object.values(en.ended.heading),
  en.frame.unprovable,
  en.missing.heading,
]

describe('texts', () => {
  it('no heading is longer than nine words', () => {
    for (const heading of headings) ok(heading.split(/\s+/).length <= 9, heading)
  })
  it('no exclamation marks, no words in capitals, no blame, never "are you sure"', () => {
    ok(all.length > 120, 'the sentences were not found')
    for (const sentence of all) {
      ok(!/!|\b[A-Z]{4,}\b/.test(sentence), sentence)
      ok(!/suspicious|are you sure|fraud|your fault|failed to/i.test(sentence), sentence)
    }
  })
  it('body sentences have at most 20 words', () => {
    for (const text of all) {
      for (const sentence of text.split(/[.?]\s/)) ok(sentence.split(/\s+/).length <= 20, sentence)
    }
  })
  it('an unknown language speaks English, a regional one its language', () => {
    equal([languageOf('xx').code, languageOf('en-GB').code, languageOf('').code], ['en', 'en', 'en'])
    equal(languageOf('en').screens.version, 'en-9')
    equal(languageOf('en').screens.steps.intent.questions.length, wordingsEach)
  })

  it('whoever can go back is told where to, and not to close a window', () => {
    for (const next of Object.values(en.ended.next)) {
      ok(next('Example Bank').includes('Example Bank'), next('Example Bank'))
      ok(!next('Example Bank').includes('close'), next('Example Bank'))
    }
  })

  it('what is exported or closed is called no change', () => {
    const named = (['change_email', 'export_data', 'close_account', 'admin_action'] as const).map(
      en.steps.confirm_action.rows.target,
    )
    equal(named, ['New address', 'What', 'Which', 'Change'])
  })

  const amounts: [number, string, string][] = [
    [1_000_000, 'USD', '10,000.00 USD'],
    [1, 'USD', '0.01 USD'],
    [500, 'JPY', '500 JPY'],
    [1_234_567, 'KWD', '1,234.567 KWD'],
    [Number.MAX_SAFE_INTEGER, 'JPY', '9,007,199,254,740,991 JPY'],
  ]
  for (const [minor, currency, expected] of amounts) {
    it(`${minor} minor units of ${currency} read ${expected}`, () =>
      equal(formatAmount(minor, currency, 'en').replaceAll('\u00A0', ' '), expected))
  }

  it('the action line names amount, payee and account', () => {
    equal(
      actionLine(view().action, en).replaceAll('\u00A0', ' '),
      'Send 10,000.00 USD to J. Smith, account ending 5555',
    )
  })
  it('an action without facts still reads as a sentence', () => {
    for (const wording of [...wordings, 'never_heard_of']) {
      const line = actionLine(
        { name: 'do_it', wording, amount: null, payee: null, target: null, location: null },
        en,
      )
      ok(!/null|undefined| {2}|:$|,$/.test(line) && line.length > 5, `${wording}: ${line}`)
    }
  })
  it('what somebody typed cannot turn the line around, hide, or fill the screen', () => {
    equal(plainLine('J.\u202E Smith\u200B\n\u2066x', 40), 'J. Smithx')
    equal([...plainLine('a'.repeat(300), 48)].length, 48)
  })
})
