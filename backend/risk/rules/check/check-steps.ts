import { tier } from '#contract/outcome'
import { type StepType, stepOrder, stepType } from '#contract/step'
import { objectOf, type Problems } from './problems.ts'

/**
 * Steps are walked once each, from front to back. A list that repeats one, or puts a later one first, would be a circle
 * that a person can't leave. A tier that asks must have a step.
 */
export function checkSteps(json: unknown, problems: Problems): void {
  const steps = objectOf(json)
  if (steps === null) {
    problems.note('steps', 'Must name the steps of every tier.')
    return
  }
  for (const name of tier.options) checkTier(name, steps[name], problems)
}

function checkTier(name: string, json: unknown, problems: Problems): void {
  const path = `steps.${name}`
  if (!Array.isArray(json)) {
    problems.note(path, 'Must be a list of steps.')
    return
  }
  if (json.length === 0 && name !== 'none' && name !== 'critical')
    problems.note(path, 'This tier asks, so it needs a step.')
  walkOrder(json, path, problems)
}

/** Names an unknown step, a repeated one, and one behind a later one. It looks at no more steps than there are. */
function walkOrder(json: readonly unknown[], path: string, problems: Problems): void {
  let highest = -1
  const seen = new Set<unknown>()
  for (const [i, step] of json.slice(0, stepOrder.length + 1).entries()) {
    const place = isStep(step) ? stepOrder.indexOf(step) : -1
    const at = `${path}[${i}]`
    if (place === -1) problems.note(at, `There is no such step; there are ${stepOrder.join(', ')}.`)
    else if (seen.has(step)) problems.note(at, `${step} is here already: each step is walked once.`)
    else if (place < highest) problems.note(at, `Steps are walked in the order ${stepOrder.join(', ')}.`)
    seen.add(step)
    highest = Math.max(highest, place)
  }
}

const isStep = (step: unknown): step is StepType => stepType.safeParse(step).success
