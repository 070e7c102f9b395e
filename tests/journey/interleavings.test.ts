import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { StoreUnavailable } from '../../backend/store/port.ts'
import { type Act, acts, openScene, openStage, remainsOf, type Stage, slipsOf } from './interleaved.ts'

/**
 * After a *yes* was acknowledged, no later verify of an attempt that it covers says valid: in whatever order answers,
 * retries and verifies come, wherever one of them waits for the others, and wherever a process dies.
 */

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

const permutations = <Item>(items: readonly Item[]): Item[][] =>
  items.length < 2
    ? [[...items]]
    : items.flatMap((first, at) =>
        permutations(items.filter((_, other) => other !== at)).map((rest) => [first, ...rest]),
      )

describe('every order', () => {
  const five = ['yes here', 'no there', 'verify there', 'verify the passed one', 'the same again'] as const
  const orders = permutations<Act>(five)

  it.each(five)(`of ${five.length} acts, beginning with: %s`, async (first) => {
    for (const order of orders.filter(([begins]) => begins === first)) {
      const scene = await openScene(stage.site)
      for (const act of order) await acts[act](stage.site, scene)
      expect(scene.stopped, order.join(', ')).not.toBeNull()
      expect(await slipsOf(stage.site, scene), order.join(', ')).toEqual([])
    }
  })
})

/** Runs `waiting` on the shaky instance, and `meanwhile` at its `at`-th call to the store. False: it makes fewer calls. */
const interleave = async (waiting: Act, meanwhile: Act, at: number): Promise<boolean> => {
  const { site, shaky, interrupt } = stage
  const scene = await openScene(site)
  if (waiting === 'verify there') await acts['no there'](site, scene)
  const run = () => acts[meanwhile](site, scene)
  interrupt.arm({ at, when: 'before', run }, 'calls')
  await acts[waiting](shaky, scene)
  const { interrupted } = interrupt.disarm()
  const name = `${waiting}, and at call ${at}: ${meanwhile}`
  expect(await slipsOf(site, scene), name).toEqual([])
  return interrupted
}

describe('at every call to the store', () => {
  const stops: Act[] = ['yes here', 'sharing there']
  const moves: Act[] = ['no there', 'verify there', 'verify the passed one', 'the same again']
  const rows = stops.flatMap((stop) =>
    moves.flatMap((move): [Act, Act][] => [
      [stop, move],
      [move, stop],
    ]),
  )
  it.each(rows)('%s waits for: %s', async (waiting, meanwhile) => {
    let at = 1
    while (await interleave(waiting, meanwhile, at)) at += 1
    expect(at).toBeGreaterThan(4)
  })
})

/** The outcome of `act` when its process dies at the `at`-th write, and it is sent again. Null: it makes fewer writes. */
const dieAndRepeat = async (act: Act, before: Act[], at: number, when: 'before' | 'after') => {
  const { site, shaky, interrupt } = stage
  const scene = await openScene(site)
  for (const earlier of before) await acts[earlier](site, scene)
  const die = () => Promise.reject(new StoreUnavailable('the process died here'))
  interrupt.arm({ at, when, run: die }, 'writes')
  await acts[act](shaky, scene)
  const { interrupted } = interrupt.disarm()
  if (!interrupted) return null
  await acts[act](shaky, scene)
  return { remains: await remainsOf(site, scene), slips: await slipsOf(site, scene) }
}

const undisturbed = async (act: Act, before: Act[]) => {
  const { site } = stage
  const scene = await openScene(site)
  for (const earlier of before) await acts[earlier](site, scene)
  await acts[act](site, scene)
  return { remains: await remainsOf(site, scene), slips: await slipsOf(site, scene) }
}

describe('a process that dies at any write, and the request again', () => {
  const rows: [Act, Act[]][] = [
    ['yes here', []],
    ['not sure here', []],
    ['no there', []],
    ['no there', ['yes here']],
    ['sharing there', []],
    ['cancel here', []],
    ['verify the passed one', []],
    ['verify the passed one', ['yes here']],
    ['verify there', ['no there']],
    ['ask under one key', []],
    ['ask under one key', ['yes here']],
  ]
  it.each(rows)('%s, after %j: leaves the same as one that lives', async (act, before) => {
    const whole = await undisturbed(act, before)
    let deaths = 0
    for (const when of ['before', 'after'] as const)
      for (let at = 1; ; at += 1) {
        const died = await dieAndRepeat(act, before, at, when)
        if (died === null) break
        deaths += 1
        expect(died, `${when} write ${at}`).toEqual(whole)
      }
    expect(deaths).toBeGreaterThan(0)
  })
})
