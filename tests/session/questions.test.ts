import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isContradiction } from '../../backend/contract/outcome.ts'
import {
  type QuestionAnswer,
  type QuestionId,
  questionId,
  questionOptions,
  wordingsEach,
} from '../../backend/contract/question.ts'
import { type Session, sessionDocument } from '../../backend/session/document.ts'
import { advance, expire } from '../../backend/session/machine.ts'
import type { Move } from '../../backend/session/move.ts'
import { chooseQuestions } from '../../backend/session/questions/choose.ts'
import { meaningOf, mostAdded, mostEased } from '../../backend/session/questions/set.ts'
import type { QuestionsState } from '../../backend/session/questions/state.ts'
import { written } from '../../backend/session/write.ts'
import { stateIn, withStep } from '../support/step-state.ts'
import { assessmentOf, contextAt, eventOf, sessionOf, startOfTime } from './session-fixture.ts'

/** The step of specific questions: which are asked and how, and what each answer does. */

type Origin = NonNullable<Parameters<typeof sessionOf>[0]>
const quiet = { call_active: null, remote_access: null, screen_shared: null, payee_name_match: null }

const moveOf = (session: Session, answer: QuestionAnswer): Move => {
  const advanced = advance(session, { action: 'questions', answer }, contextAt(startOfTime))
  if (advanced.kind === 'refused') throw new Error(`refused: ${advanced.error}`)
  return advanced.move
}

/** A session that stands at its questions, after a *no* and a confirmation; `asked` replaces the choice. */
const atQuestions = (asked: QuestionId[] | null = null, change: Origin = {}, score = 80): Session => {
  const steps = ['intent', 'confirm_action', 'questions', 'pause', 'email_code'] as const
  const assessment = assessmentOf({ ...change.assessment, score, steps: [...steps] })
  let session = sessionOf({ ...change, assessment })
  for (const submit of [
    { action: 'intent', answer: 'no' },
    { action: 'confirm', answer: 'confirmed' },
  ] as const) {
    const advanced = advance(session, submit, contextAt(startOfTime))
    if (advanced.kind === 'refused') throw new Error(advanced.error)
    session = written(advanced.move, startOfTime, 'x')
  }
  if (asked === null) return session
  const questions = asked.map((question) => ({
    question,
    variant: 0,
    options: [...questionOptions[question]],
  }))
  return asking(session, questions)
}

/** The session with these questions in the place of those that were chosen. */
const asking = (session: Session, asked: QuestionsState['asked']): Session =>
  withStep(session, 'questions', (step) => ({ ...step, state: step.state && { ...step.state, asked } }))

const answered = (session: Session, ...answers: QuestionAnswer[]): Session =>
  answers.reduce((at, answer) => written(moveOf(at, answer), startOfTime, answer), session)

const codesOf = (session: Session): string[] =>
  (stateIn(session, 'questions')?.answers ?? []).flatMap(({ reasons }) => reasons.map(({ code }) => code))

const everyAnswer = questionId.options.flatMap((question) =>
  questionOptions[question].map((answer): [QuestionId, QuestionAnswer] => [question, answer]),
)

describe('the set', () => {
  it.each(everyAnswer)('%s, %s: has a meaning in words', (question, answer) => {
    expect(meaningOf(question, answer)?.says).toMatch(/^(Said that|Was not sure|Would rather not) ?.*\.$/)
  })

  it('takes no answer of another question', () => {
    expect(meaningOf('coached', 'investment')).toBeNull()
    expect(meaningOf('purpose', 'yes')).toBeNull()
  })

  it.each(questionId.options)(
    '%s: leaves a way to say nothing, which counts two points at most',
    (question) => {
      const silent = questionOptions[question].find((answer) => answer === 'rather_not' || answer === 'other')
      const meaning = silent === undefined ? null : meaningOf(question, silent)
      expect(meaning).toMatchObject({ claims: null, denies: [], breaks: null })
      expect(meaning?.weighs?.points).toBeLessThanOrEqual(2)
    },
  )
})

describe('what an answer does', () => {
  type Row = [QuestionId, QuestionAnswer, string | null, string | null, string[], number]
  const rows: Row[] = [
    ['coached', 'no', null, null, ['ANSWER_INDEPENDENT'], -2],
    ['coached', 'yes', 'contact_broken', 'answered_yes', ['ANSWER_TOLD_WHAT_TO_SAY'], 30],
    ['coached', 'not_sure', 'contact_broken', 'answered_not_sure', ['ANSWER_TOLD_WHAT_TO_SAY'], 30],
    ['coached', 'rather_not', null, null, ['ANSWER_WITHHELD'], 2],
    ['purpose', 'keep_safe', 'contact_broken', 'answered_yes', ['ANSWER_SAFE_ACCOUNT'], 30],
    ['purpose', 'investment', null, null, ['ANSWER_FITS_SCAM'], 8],
    ['purpose', 'paid_before', null, null, [], 0],
    ['purpose', 'purchase', null, null, [], 0],
    ['purpose', 'family_friend', null, null, [], 0],
    ['purpose', 'other', null, null, ['ANSWER_WITHHELD'], 2],
    ['first_heard', 'in_person', null, null, ['ANSWER_INDEPENDENT'], -2],
    ['first_heard', 'caller', null, null, ['ANSWER_FITS_SCAM', 'ANSWER_CONTRADICTS_ANSWER'], 20],
    ['wallet_access', 'helper', null, null, ['ANSWER_FITS_SCAM', 'ANSWER_CONTRADICTS_ANSWER'], 20],
    ['urgency', 'yes', null, null, ['ANSWER_FITS_SCAM'], 8],
    ['who_asked', 'authority', 'contact_broken', 'answered_yes', ['ANSWER_ASKED_BY_AUTHORITY'], 30],
    ['who_asked', 'caller', null, null, ['ANSWER_FITS_SCAM', 'ANSWER_CONTRADICTS_ANSWER'], 20],
    ['who_asked', 'own_idea', null, null, [], 0],
    ['recipient', 'caller', null, null, ['ANSWER_FITS_SCAM', 'ANSWER_CONTRADICTS_ANSWER'], 20],
    ['new_mailbox', 'helper', null, null, ['ANSWER_FITS_SCAM', 'ANSWER_CONTRADICTS_ANSWER'], 20],
    ['installed', 'yes', null, null, ['ANSWER_FITS_SCAM', 'ANSWER_CONTRADICTS_ANSWER'], 20],
  ]
  it.each(rows)('%s, %s', (question, answer, resolution, hold, codes, points) => {
    const before = atQuestions([question, 'urgency'])
    const move = moveOf(before, answer)
    expect([move.session.ending.resolution, move.hold]).toEqual([resolution, hold])
    expect(codesOf(move.session)).toEqual(codes)
    expect(move.session.checkpoint.score - before.checkpoint.score).toBe(points)
  })

  it('is refused when it is none of the answers shown, and changes nothing', () => {
    const advanced = advance(
      atQuestions(['coached']),
      { action: 'questions', answer: 'investment' },
      contextAt(startOfTime),
    )
    expect(advanced).toEqual({ kind: 'refused', error: 'out_of_sequence' })
  })

  it('goes on to the next question, and after the last one to the next step', () => {
    const first = answered(atQuestions(['coached', 'purpose']), 'no')
    expect([
      first.checkpoint.position,
      first.checkpoint.turn,
      stateIn(first, 'questions')?.answers.length,
    ]).toEqual([2, 3, 1])
    const second = answered(first, 'purchase')
    expect(second.checkpoint.steps[2]).toMatchObject({ type: 'questions', outcome: 'answered' })
    expect(second.checkpoint.steps[second.checkpoint.position]?.type).toBe('pause')
  })

  it('is written down by ids, with the version of the set and the wording: never in words', () => {
    const { entries } = moveOf(atQuestions(['purpose', 'urgency']), 'investment')
    const [entry] = entries
    expect(entry).toMatchObject({
      actor_type: 'person',
      action: 'question.answered',
      meta: { set: 'questions-1', question: 'purpose', variant: 0, answer: 'investment' },
    })
  })

  it('is an abandonment to leave from here, and none to stop', () => {
    expect(expire(atQuestions(), contextAt(startOfTime + 3_600_000)).abandoned).toBe(true)
    const stopped = advance(atQuestions(), { action: 'cancel' }, contextAt(startOfTime))
    expect(stopped.kind === 'moved' && stopped.move.abandoned).toBe(false)
  })
})

describe('contradictions', () => {
  const added = { name: 'J. Smith', account: 'GB33BUKB20201555555555' }
  const rows: [string, QuestionId[], QuestionAnswer[], Origin, string | null][] = [
    [
      'a friend whose name is not the account’s',
      ['purpose'],
      ['family_friend'],
      { context: { ...quiet, payee_name_match: 'no_match' } },
      'ANSWER_CONTRADICTS_SIGNAL',
    ],
    ['a friend, name unknown', ['purpose'], ['family_friend'], {}, null],
    [
      'paid before, a payee that was added today',
      ['purpose'],
      ['paid_before'],
      { event: eventOf({ payee: { ...added, added_at: new Date(startOfTime - 3_600_000).toISOString() } }) },
      'ANSWER_CONTRADICTS_SIGNAL',
    ],
    [
      'paid before, a payee that was added last week',
      ['purpose'],
      ['paid_before'],
      {
        event: eventOf({
          payee: { ...added, added_at: new Date(startOfTime - 7 * 86_400_000).toISOString() },
        }),
      },
      null,
    ],
    [
      'a friend who was met online',
      ['purpose', 'first_heard'],
      ['family_friend', 'online'],
      {},
      'ANSWER_CONTRADICTS_ANSWER',
    ],
    [
      'met online, who is a friend',
      ['first_heard', 'purpose'],
      ['online', 'family_friend'],
      {},
      'ANSWER_CONTRADICTS_ANSWER',
    ],
    ['a new bill, met online', ['purpose', 'first_heard'], ['purchase', 'online'], {}, null],
  ]
  it.each(rows)('%s', (_name, asked, answers, change, code) => {
    const session = answered(atQuestions([...asked, 'coached'], change), ...answers)
    expect(codesOf(session).filter((one) => isContradiction({ code: one as never }))).toEqual(
      code === null ? [] : [code],
    )
    expect(session.status).toBe('open')
  })

  it('raise the tier of a session that goes on, and say so in the report', () => {
    const low = { assessment: assessmentOf({ tier: 'low', steps: ['intent', 'questions'] }) }
    const origin = sessionOf(low)
    const atFirst = written(
      (() => {
        const advanced = advance(origin, { action: 'intent', answer: 'no' }, contextAt(startOfTime))
        if (advanced.kind === 'refused') throw new Error(advanced.error)
        return advanced.move
      })(),
      startOfTime,
      'x',
    )
    const asked = [
      { question: 'first_heard' as const, variant: 0, options: [...questionOptions.first_heard] },
    ]
    const doubted = answered(asking(atFirst, asked), 'caller')
    expect(doubted.checkpoint.tier).toBe('medium')
    expect(doubted.checkpoint.steps.map(({ type }) => type)).toEqual(['intent', 'questions', 'email_code'])
    expect(doubted.checkpoint.steps[1]?.outcome).toBe('contradicted')
  })

  it('end a reverification, with a hold of full length', () => {
    const move = moveOf(atQuestions(['first_heard'], { reverification_holds: ['hold_1'] }), 'caller')
    expect([move.session.ending.resolution, move.session.ending.cause, move.hold]).toEqual([
      'contradicted',
      'contradicted',
      'contradicted',
    ])
    expect(move.session.checkpoint.score).toBe(100)
    expect(move.effects.map(({ kind }) => kind)).not.toContain('reverification')
  })

  it('end any session in which a caller is named while a call is active, and none by that call alone', () => {
    const onCall = {
      context: { ...quiet, call_active: true },
      assessment: assessmentOf({ amount_high: false }),
    }
    expect(moveOf(atQuestions(['first_heard'], onCall), 'caller').session.ending.resolution).toBe(
      'contradicted',
    )
    expect(moveOf(atQuestions(['first_heard'], onCall), 'bill').session.ending.resolution).toBeNull()
  })
})

describe('bounds', () => {
  it('of what all answers add and take, whatever is answered', () => {
    const question = fc.constantFrom(...questionId.options)
    fc.assert(
      fc.property(
        fc.uniqueArray(question, { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat(), { minLength: 3, maxLength: 3 }),
        fc.integer({ min: 0, max: 100 }),
        (asked, picks, score) => {
          let session = atQuestions(asked, {}, score)
          const { score: before, tier } = session.checkpoint
          for (const [at, id] of asked.entries()) {
            if (session.status === 'resolved') break
            const options = questionOptions[id]
            session = answered(session, options[(picks[at] ?? 0) % options.length] ?? 'rather_not')
          }
          const change = session.checkpoint.score - before
          if (session.status === 'open') expect(change).toBeLessThanOrEqual(mostAdded)
          else expect(session.checkpoint.score).toBe(100)
          expect(change).toBeGreaterThanOrEqual(-mostEased)
          const points = session.checkpoint.reasons.reduce((sum, reason) => sum + reason.points, 0)
          expect(session.checkpoint.score).toBe(score + points)
          expect(session.checkpoint.score).toBeGreaterThanOrEqual(0)
          expect(session.checkpoint.score).toBeLessThanOrEqual(100)
          expect(session.checkpoint.tier).toBe(tier)
          expect(sessionDocument.parse(session)).toEqual(session)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('the choice', () => {
  const chosenBy = (change: Origin) => chooseQuestions(sessionOf(change)).map(({ question }) => question)
  const family = (name: 'credentials' | 'data' | 'admin' | 'other', wording: string) => ({
    event: eventOf({ action: wording, amount: undefined, payee: undefined, target: 'x' }),
    assessment: assessmentOf({ family: name, wording, payee_new: null, amount_high: null }),
  })
  const rows: [string, Origin, QuestionId[]][] = [
    [
      'money to somebody long known',
      { assessment: assessmentOf({ payee_new: false, amount_high: false }) },
      ['coached', 'purpose'],
    ],
    [
      'little money to somebody new',
      { assessment: assessmentOf({ amount_high: false }) },
      ['coached', 'purpose', 'first_heard'],
    ],
    [
      'much money to somebody known',
      { assessment: assessmentOf({ payee_new: false }) },
      ['coached', 'purpose', 'urgency'],
    ],
    [
      'money to a wallet',
      {
        event: eventOf({ payee: { account: '0x52908400098527886E0F7030069857D2E4169EE7' } }),
        assessment: assessmentOf({ payee_new: false, amount_high: false }),
      },
      ['coached', 'wallet_access', 'purpose'],
    ],
    [
      'a new payee without an amount',
      {
        event: eventOf({ action: 'add_payee', amount: undefined }),
        assessment: assessmentOf({ amount_high: null }),
      },
      ['coached', 'first_heard'],
    ],
    [
      'an order without a payee',
      {
        event: eventOf({ action: 'bulk_order', payee: undefined }),
        assessment: assessmentOf({ payee_new: null, amount_high: false }),
      },
      ['coached', 'who_asked'],
    ],
    ['a password', family('credentials', 'change_password'), ['coached', 'who_asked', 'installed']],
    ['an administrator’s change', family('admin', 'admin_action'), ['coached', 'who_asked', 'installed']],
    ['a log-in', family('other', 'login'), ['coached', 'who_asked', 'installed']],
  ]
  it.each(rows)('%s', (_name, change, expected) => {
    expect(chosenBy(change).toSorted()).toEqual(expected.toSorted())
  })

  it.each([
    ['an address', family('credentials', 'change_email'), 'new_mailbox'],
    ['an export', family('data', 'export_data'), 'recipient'],
    ['much money to somebody new', {}, 'purpose'],
  ] as [string, Origin, QuestionId][])('%s: always asks the most specific one', (_name, change, expected) => {
    for (let at = 0; at < 50; at += 1)
      expect(chosenBy({ ...change, _id: `ses_${at}` })).toEqual(expect.arrayContaining(['coached', expected]))
  })

  it('is the same for one session however often it is made, two or three, each question once', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(2), (id, wording_variant) => {
        const session = sessionOf({ _id: id, wording_variant })
        const chosen = chooseQuestions(session)
        expect(chooseQuestions(session)).toEqual(chosen)
        expect(chosen.length).toBe(3)
        expect(new Set(chosen.map(({ question }) => question)).size).toBe(3)
        for (const { question, variant, options } of chosen) {
          expect(variant).toBeLessThan(wordingsEach)
          expect(options.toSorted()).toEqual([...questionOptions[question]].toSorted())
          expect(['rather_not', 'other']).toContain(options.at(-1))
        }
      }),
    )
  })

  it('varies between sessions: every order of questions, every first answer, both of what is left to the lot', () => {
    const seen = { orders: new Set<string>(), first: new Set<string>(), lot: new Set<string>() }
    for (let at = 0; at < 300; at += 1) {
      const chosen = chooseQuestions(sessionOf({ _id: `ses_${at}` }))
      seen.orders.add(
        chosen
          .map(({ question }) => (question === 'coached' || question === 'purpose' ? question : 'third'))
          .join(),
      )
      const purpose = chosen.find(({ question }) => question === 'purpose')
      seen.first.add(purpose?.options[0] ?? '')
      for (const { question } of chosen) seen.lot.add(question)
    }
    expect(seen.orders.size).toBe(6)
    expect(seen.first).toEqual(
      new Set(['keep_safe', 'investment', 'paid_before', 'purchase', 'family_friend']),
    )
    expect(seen.lot).toEqual(new Set(['coached', 'purpose', 'first_heard', 'urgency']))
  })

  it('puts every question in other words after a checkpoint that was left behind', () => {
    for (let variant = 0; variant < wordingsEach; variant += 1) {
      const wordings = (wording_variant: number) =>
        new Map(chooseQuestions(sessionOf({ wording_variant })).map((one) => [one.question, one.variant]))
      const [left, next] = [wordings(variant), wordings((variant + 1) % wordingsEach)]
      expect(left.size).toBe(3)
      for (const [question, wording] of left) expect(next.get(question)).not.toBe(wording)
    }
  })
})
