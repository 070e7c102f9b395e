import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { drawingOf } from './draw.ts'
import { populationOf } from './population.ts'
import { histories, placedOf, replay } from './replay.ts'
import { type Run, reportOf } from './report.ts'
import { seedsFor } from './seeds.ts'

/**
 * npm run evaluate: what honest people and frauds of the open population meet, beside rules that anybody could write.
 *
 * `-- --seeds 4,5` other populations than the development seeds; `--history none|year` one kind alone; `--draw FILE` the curves as a
 * page; `--report` measures the reserved seeds, which nobody tunes on.
 */

const usage = 'npm run evaluate -- [--seeds 1,2] [--history none|year] [--draw FILE.html] [--report]'

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

const run = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string' },
      history: { type: 'string' },
      draw: { type: 'string' },
      report: { type: 'boolean', default: false },
    },
  })
  const asked = seedsFor(values.seeds?.split(',') ?? [], values.report)
  const wanted = histories.filter((history) => values.history === undefined || values.history === history)
  if (!asked.ok || wanted.length === 0) {
    console.error(asked.ok ? usage : asked.reason)
    process.exitCode = 2
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
