import type { Engine } from 'json-rules-engine'
import type { NormalisedEvent } from '../../backend/contract/normalised-event.ts'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import type { Policy } from '../../backend/risk/policy.ts'
import { askRules } from '../../backend/risk/rules/ask-rules.ts'
import type { RuleInput } from '../../backend/risk/rules/rule-input.ts'
import { allSignals } from '../../backend/risk/signals/all-signals.ts'
import { alternating, timed, timedLater } from './in-process.ts'
import { rowOf } from './row.ts'
import { asking, events, handed, manyRules, policyWith } from './rule-stage.ts'
import { type BenchRow, once } from './stage.ts'
import { theirEngine, theirFacts, twelveRules } from './twelve-rules.ts'

const ourCalls = 10_000
const theirCalls = 1_000

const at = <T>(items: readonly T[], turn: number): T => {
  const item = items[turn % items.length]
  if (item === undefined) throw new Error('nothing to ask about')
  return item
}

type Twelve = { policy: Policy; engine: Engine; seen: RuleInput[]; theirs: Record<string, unknown>[] }

/** Both engines must say the same of every event before their speed is worth comparing. */
const proveSame = async ({ policy, engine, seen, theirs }: Twelve): Promise<void> => {
  for (const [i, one] of seen.entries()) {
    const found = await engine.run(theirs[i])
    const theirIds = found.events.map(({ type }) => type).sort()
    const ourIds = askRules(policy, one)
      .matched.map(({ rule }) => rule.id)
      .sort()
    if (JSON.stringify(ourIds) !== JSON.stringify(theirIds))
      throw new Error(`The engines differ: ours ${ourIds.join()}, theirs ${theirIds.join()}`)
  }
}

const besideTheirs = once(async () => {
  const policy = policyWith(twelveRules)
  const seen = events.map((event) => handed(event, policy))
  const theirs = seen.map(theirFacts)
  const engine = theirEngine(twelveRules)
  await proveSame({ policy, engine, seen, theirs })
  const floor = () => timedLater(theirCalls, (turn) => engine.run(theirs[turn % theirs.length]))
  return {
    alone: await alternating(floor, () => timed(ourCalls, (turn) => askRules(policy, at(seen, turn)))),
    whole: await alternating(floor, () => timed(ourCalls, (turn) => asking(at(events, turn), policy))),
  }
})

/** `assess()` by one policy beside `assess()` by another. */
const besideOther = (judged: readonly NormalisedEvent[], policy: Policy, other: Policy) =>
  alternating(
    () => timed(ourCalls, (turn) => asking(at(judged, turn), other)),
    () => timed(ourCalls, (turn) => asking(at(judged, turn), policy)),
  )

const frightening = at(events, 2)
const raised = handed(frightening, defaultPolicy).findings.raised.map(({ code }) => code)

const alone = '12 rules beside json-rules-engine on the same 12'
const whole = 'the whole assess() with them beside it'
const worstOfAll = `assess() with ${raised.length} signals raised and 200 rules beside none`
const thousand = 'assess() with 1,000 rules beside 10'

/** What rules cost: beside another engine, at 200 under the worst event, and how the cost grows from 10 to 1,000. */
export const ruleRows: readonly BenchRow[] = [
  {
    what: alone,
    run: async (stage) => ({ row: rowOf(alone, 'perSecond', (await besideTheirs(stage)).alone) }),
  },
  {
    what: whole,
    run: async (stage) => ({
      row: rowOf(whole, 'perSecond', (await besideTheirs(stage)).whole),
      notes: [
        'json-rules-engine and the first row are handed facts, signals and score ready made; assess() makes them and decides',
      ],
    }),
  },
  {
    what: worstOfAll,
    run: async () => {
      const row = rowOf(worstOfAll, 'p50', await besideOther([frightening], manyRules(200), defaultPolicy))
      const quiet = allSignals.map(({ code }) => code).filter((code) => !raised.includes(code))
      const matched = events.map((event) => asking(event, manyRules(200)).rule_matches.length)
      return {
        row,
        notes: [
          `the worst event raises ${raised.length} of the ${allSignals.length} signals${quiet.length === 0 ? '' : `, not ${quiet.join(', ')}`}; with 200 rules its p99 is ${row.ours_p99_ms?.toFixed(3)} ms`,
          `of the 200 rules the three events match ${matched.join(', ')}`,
        ],
      }
    },
  },
  {
    what: thousand,
    run: async () => ({
      row: rowOf(thousand, 'p50', await besideOther(events, manyRules(1_000), manyRules(10))),
    }),
  },
]
