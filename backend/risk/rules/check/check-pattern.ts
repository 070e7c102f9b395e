import { RE2JS } from 're2js'

/**
 * What is wrong with a regular expression, as a sentence, or null. The engine is linear in the text for any pattern. What
 * is refused here would be quadratic or worse in other tools, or needs a larger program than a rule is worth.
 */
export function patternProblem(pattern: string): string | null {
  return unsupported(pattern) ?? repetitionProblem(pattern) ?? compileProblem(pattern)
}

const highestCount = 50
const largestProgram = 2_000

const tokens =
  /\\Q[\s\S]*?(?:\\E|$)|\\[pP]\{\^?\w+\}|\\[\s\S]|\[\^?\]?(?:\[:\^?\w+:\]|\\[\s\S]|[^\]\\])*\]|\(\?(?:<[=!]|[=!])|\((?:\?[A-Za-z-]*:|\?P?<\w+>|\?[A-Za-z-]+\))?|\{\d+(?:,\d*)?\}|[\s\S]/g

function unsupported(pattern: string): string | null {
  for (const [token] of pattern.matchAll(tokens)) {
    if (/^\\[1-9kg]/.test(token)) return 'must not refer back to a group'
    if (/^\(\?(?:<?[=!])$/.test(token)) return 'must not look ahead or behind'
  }
  return null
}

type Repeated = { unbounded: boolean; times: number }
const once: Repeated = { unbounded: false, times: 1 }

/** A repetition without end inside another, or counted repeats that multiply. */
function repetitionProblem(pattern: string): string | null {
  const open: Repeated[] = [once]
  let last = once
  const grow = (repeated: Repeated): void => {
    const outer = open.at(-1) ?? once
    open[open.length - 1] = {
      unbounded: outer.unbounded || repeated.unbounded,
      times: Math.max(outer.times, repeated.times),
    }
    last = repeated
  }
  for (const [token] of pattern.matchAll(tokens)) {
    const repeat = repeatOf(token)
    if (repeat !== null) {
      if (repeat.unbounded && last.unbounded) return 'must not repeat without end what repeats without end'
      const times = last.times * repeat.times
      if (times > highestCount) return `must not count beyond ${highestCount} repeats, inner ones multiplied`
      grow({ unbounded: repeat.unbounded || last.unbounded, times })
    } else if (token.startsWith('(') && !token.endsWith(')')) open.push(once)
    else if (token === ')' && open.length > 1) grow(open.pop() ?? once)
    else last = once
  }
  return null
}

function repeatOf(token: string): Repeated | null {
  if (token === '*' || token === '+') return { unbounded: true, times: 1 }
  if (token === '?') return once
  const [, least, comma, most] = /^\{(\d+)(,?)(\d*)\}$/.exec(token) ?? []
  if (least === undefined) return null
  return { unbounded: comma === ',' && most === '', times: Math.max(1, Number(most || least)) }
}

function compileProblem(pattern: string): string | null {
  try {
    const size = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE).programSize()
    return size > largestProgram ? 'is too large once it is compiled; use a list instead' : null
  } catch (fault) {
    return `is no regular expression: ${fault instanceof Error ? fault.message : String(fault)}`
  }
}
