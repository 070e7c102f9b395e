import { dayMs } from '#contract/durations'
import { frictionOf, ratio, type Share } from '../measure/friction.ts'
import { isHonest } from '../measure/payment.ts'
import { escaped, htmlOf, pageOf, rocOf, weeklyOf } from './chart.ts'
import type { Evaluation } from './evaluate-file.ts'
import {
  detectionTable,
  frictionTable,
  markdownOf,
  rankingTable,
  type Table,
  tierTable,
  told,
  worstLines,
} from './report-parts.ts'

/** An evaluation as a person reads it: printed as Markdown, or drawn as a page. */

const date = (at: number): string => new Date(at).toISOString().slice(0, 10)

const introOf = (one: Evaluation): string => {
  const honest = one.payments.filter(isHonest).length
  const of = `${honest} honest payments and ${one.payments.length - honest} frauds from ${date(one.from)} to ${date(one.to)}, by policy ${one.policy_version}`
  return one.brought.learned === 0 ? `${of}.` : `${of}, after ${one.brought.learned} lines of history.`
}

/** What the figures leave out, or can't say: a sentence each. */
const notesOf = (one: Evaluation): string[] => {
  const frauds = one.payments.filter((payment) => !isHonest(payment)).length
  const notes: [boolean, string][] = [
    [frauds === 0, 'No payment is a fraud here (reported_scam), so nothing can be said of detection.'],
    [
      frauds === one.payments.length,
      'No payment is honest here (completed), so nothing can be said of friction.',
    ],
    [
      one.among.name === 'everybody',
      'Nobody has been asked about for 90 days on both sides, so figures are of everybody.',
    ],
    [one.failed > 0, `${one.failed} that failed in life were lived through and are not measured.`],
    [
      one.others.of > 0,
      `${one.others.of} events without an amount were lived through; ${one.others.met} were met.`,
    ],
    [one.withoutMailbox > 0, `${one.withoutMailbox} lines have no user.email: a mailbox was supposed.`],
    [one.brought.rejected > 0, `${one.brought.rejected} lines of the history brought were refused.`],
    ...[...one.refused].map(([why, count]): [boolean, string] => [
      true,
      `${count} events were refused: ${why}.`,
    ]),
  ]
  return notes.filter(([holds]) => holds).map(([, text]) => text)
}

const overTime = (name: string, spans: readonly Share[], days: number, from: number): Table => ({
  head: [`Honest payments, by ${name}`, 'met'],
  rows: spans.map((span, nth) => [date(from + nth * days * dayMs), told(span)]),
})

const tablesOf = (one: Evaluation): Table[] => {
  const found = frictionOf(one.payments, one.small, one.among)
  return [
    {
      head: ['What', 'honest payments'],
      rows: [
        ['met in the first week', told(found.firstWeek)],
        [`met, ${one.among.name}`, told(found.long)],
        ['of these, stopped outright', told(found.blocked)],
      ],
    },
    tierTable(one.payments),
    rankingTable(one.payments, one.among),
    frictionTable(found, one.among, one.currency),
    detectionTable(one.payments, one.kinds),
    overTime('four weeks', found.months, 28, one.from),
    overTime('week', found.weeks, 7, one.from),
  ]
}

const worstTitle = 'The honest payments that were treated worst'

export const printedEvaluation = (one: Evaluation): string =>
  [
    introOf(one),
    ...notesOf(one),
    ...tablesOf(one).flatMap((table) => ['', ...markdownOf(table)]),
    '',
    `${worstTitle}:`,
    '',
    ...worstLines(one.payments, one.among, one.currency).map((line, nth) => `${nth + 1}. ${line}`),
  ].join('\n')

export const drawnEvaluation = (one: Evaluation): string => {
  const { weeks } = frictionOf(one.payments, one.small, one.among)
  const points = weeks.map((week, nth) => [nth + 1, week.of === 0 ? 0 : ratio(week)] as const)
  return pageOf(
    'Evaluation',
    introOf(one),
    [
      rocOf(one.payments, 1, one.among),
      rocOf(one.payments, 0.05, one.among),
      weeklyOf([{ name: 'honest payments', points }]),
    ],
    [
      ...notesOf(one).map((note) => `<p>${escaped(note)}</p>`),
      ...tablesOf(one).map(htmlOf),
      `<h2>${worstTitle}</h2><ol>`,
      ...worstLines(one.payments, one.among, one.currency).map((line) => `<li>${escaped(line)}</li>`),
      '</ol>',
    ],
  )
}
