import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { drawingOf } from './draw.ts'
import { populationOf } from './population.ts'
import { histories, placedOf, placedOfStranger, replay, replayStranger } from './replay.ts'
import { type Run, reportOf } from './report.ts'
import { seedsFor, strangerSeeds } from './seeds.ts'
import { strangers } from './strangers/all-strangers.ts'
import { type StrangerRun, strangersReport } from './strangers/report.ts'

/**
 * npm run evaluate: what honest people and frauds of the open population meet, beside rules that anybody could write.
 *
 * `-- --seeds 4,5` other populations than the development seeds; `--history none|year` one kind alone; `--draw FILE` the curves as a
 * page; `--report` measures the reserved seeds, which nobody tunes on; `--strangers` the populations of other assumptions.
 */

const usage =
  'npm run evaluate -- [--seeds 1,2] [--history none|year] [--draw FILE.html] [--report] [--strangers]'

const evaluate = async (seed: number, history: Run['history']): Promise<Run> => {
  const population = populationOf(seed)
  const replayed = await replay(population, history)
  const brought =
    history === 'none' ? '' : `, ${replayed.learned} lines learned, ${replayed.rejected} rejected`
  console.error(`seed ${seed}, history ${history}: ${replayed.seconds.toFixed(0)} s${brought}`)
  return {
    seed,
    history,
    payments: placedOf(replayed, history === 'none' ? [] : population.past),
    seconds: replayed.seconds,
  }
}

const evaluateStrangers = async (seed: number, wanted: readonly Run['history'][]): Promise<string[]> => {
  const runs: StrangerRun[] = []
  for (const strangerOf of strangers) {
    const stranger = strangerOf(seed)
    for (const history of wanted) {
      if (history === 'year' && stranger.past.length === 0) continue
      const replayed = await replayStranger(stranger, history)
      console.error(`${stranger.name}, seed ${seed}, history ${history}: ${replayed.seconds.toFixed(0)} s`)
      runs.push({ ...stranger, history, payments: placedOfStranger(replayed, stranger, history) })
    }
  }
  return strangersReport(runs)
}

const run = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string' },
      history: { type: 'string' },
      draw: { type: 'string' },
      report: { type: 'boolean', default: false },
      strangers: { type: 'boolean', default: false },
    },
  })
  const asked = seedsFor(values.seeds?.split(',') ?? [], values.report)
  const wanted = histories.filter((history) => values.history === undefined || values.history === history)
  if (!asked.ok || wanted.length === 0) {
    console.error(asked.ok ? usage : asked.reason)
    process.exitCode = 2
    return
  }
  if (values.strangers) {
    const seeds = values.seeds === undefined && !values.report ? strangerSeeds : asked.seeds
    for (const seed of seeds) console.log((await evaluateStrangers(seed, wanted)).join('\n'))
    return
  }
  const runs: Run[] = []
  for (const history of wanted) {
    const ofHistory: Run[] = []
    for (const seed of asked.seeds) ofHistory.push(await evaluate(seed, history))
    console.log(reportOf(history, ofHistory).join('\n'))
    runs.push(...ofHistory)
  }
  if (values.draw !== undefined) writeFileSync(values.draw, drawingOf(runs))
}

await run()
