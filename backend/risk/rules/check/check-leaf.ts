import { actionName, checkedNameMatch } from '#contract/event'
import { actionFamily, signalCode } from '#contract/outcome'
import { factConditions, type Leaf, ruleLimits, signalCondition, velocityConditions } from '#contract/rule'
import { listableFact, ruleFact, subjectFact, textFact } from '#contract/rule-fact'
import { country, currency } from '#contract/text'
import { foldText } from '../../fold-text.ts'
import { labelFact } from '../../labels/active-labels.ts'
import { sensitivity } from '../../policy.ts'
import { isAgainstFact } from '../question.ts'
import { checkAgainstFact } from './check-against-fact.ts'
import { patternProblem } from './check-pattern.ts'
import { type DeclaredFields, kindOf } from './fact-kind.ts'
import { objectOf, type Problems, parsedAt, shown } from './problems.ts'

type Json = Readonly<Record<string, unknown>>

/** What a leaf is checked against. */
export type LeafContext = {
  lists: ReadonlySet<string>
  /** Fields of `metadata`, as the policy declares them. */
  metadata: DeclaredFields
  problems: Problems
  /** Patterns met so far, in all rules. */
  patterns: { counted: number }
}

/** Checks a condition on a fact, a signal or a velocity. Answers it if it is sound, else null. */
export function checkLeaf(json: Json, path: string, context: LeafContext): Leaf | null {
  if ('signal' in json) return checkSignal(json, path, context)
  if ('velocity' in json) {
    const form = json['op'] === 'between' ? velocityConditions.between : velocityConditions.compared
    return ordered(parsedAt(form, json, path, context.problems), path, context)
  }
  return checkFact(json, path, context)
}

function checkSignal(json: Json, path: string, { problems }: LeafContext): Leaf | null {
  if (!isOneOf(signalCode.options, json['signal'])) {
    problems.note(`${path}.signal`, `There is no signal ${shown(json['signal'])}.`)
    return null
  }
  const leaf = parsedAt(signalCondition, json, path, problems)
  if (leaf?.severity_at_least !== undefined && (leaf.is ?? 'raised') !== 'raised') {
    problems.note(`${path}.severity_at_least`, `A signal that is ${leaf.is} has no severity.`)
    return null
  }
  return leaf
}

const isOneOf = (names: readonly string[], name: unknown): boolean =>
  typeof name === 'string' && names.includes(name)

const { compared, between, number_among, answered, same, spelled, matching, text_among, told } =
  factConditions

/** The form of a condition, by the kind of its fact and its operator. */
const forms = {
  number: {
    ...{ eq: compared, ne: compared, gt: compared, gte: compared, lt: compared, lte: compared },
    ...{ between, in: number_among, not_in: number_among, known: told, unknown: told },
  },
  boolean: { eq: answered, ne: answered, known: told, unknown: told },
  text: {
    ...{ eq: same, ne: same, starts_with: spelled, ends_with: spelled, contains: spelled },
    ...{ matches: matching, in: text_among, not_in: text_among, known: told, unknown: told },
  },
} as const

function checkFact(json: Json, path: string, context: LeafContext): Leaf | null {
  if (('in_list' in json || 'not_in_list' in json) && isListable(json))
    return checkLookup(json, path, context)
  const kind = kindOf(json['fact'], context.metadata)
  if (kind === null) {
    const near = ruleFact.options.find(
      (name) => name === foldText(String(json['fact'])).replaceAll(/[\s_]/g, '.'),
    )
    const hint = near === undefined ? '' : ` Did you mean ${near}?`
    context.problems.note(
      `${path}.fact`,
      `There is no fact ${shown(json['fact'])} that a rule may read.${hint}${undeclared(json['fact'])}`,
    )
    return null
  }
  if ('in_list' in json || 'not_in_list' in json) return checkListed(json, kind, path, context)
  const other = objectOf(json['value'])
  if (other !== null) return checkAgainstFact(json, other, path, context)
  const op = json['op']
  const form = Object.entries(forms[kind]).find(([name]) => name === op)?.[1]
  if (form === undefined) {
    const known = Object.keys(forms[kind]).join(', ')
    context.problems.note(`${path}.op`, `A ${kind} is asked with ${known}; not with ${shown(op)}.`)
    return null
  }
  return possible(ordered(parsedAt(form, json, path, context.problems), path, context), path, context)
}

const undeclared = (fact: unknown): string =>
  typeof fact === 'string' && fact.startsWith('metadata.')
    ? ' Of metadata, rules read the fields that the policy declares, with their types, under `metadata`.'
    : ''

const isListable = ({ fact }: Json): boolean => isOneOf(listableFact.options, fact)

/** A list of the organisation may be made later: whether there is one is asked when the policy is to be used. */
function checkLookup(json: Json, path: string, { lists, problems }: LeafContext): Leaf | null {
  const key = 'in_list' in json ? 'in_list' : 'not_in_list'
  const name = json[key]
  if (isOneOf(subjectFact.options, json['fact']) && typeof name === 'string' && lists.has(name)) {
    problems.note(
      `${path}.${key}`,
      `The policy’s own list ${shown(name)} holds texts. ${shown(json['fact'])} is looked up in a list of the organisation, by POST /lists: give one of the two another name.`,
    )
    return null
  }
  return parsedAt(factConditions[key === 'in_list' ? 'listed' : 'not_listed'], json, path, problems)
}

function checkListed(json: Json, kind: string, path: string, { lists, problems }: LeafContext): Leaf | null {
  const key = 'in_list' in json ? 'in_list' : 'not_in_list'
  if (kind !== 'text') {
    problems.note(`${path}.${key}`, `Lists hold texts, and ${shown(json['fact'])} is a ${kind}.`)
    return null
  }
  const form = key === 'in_list' ? factConditions.listed : factConditions.not_listed
  const leaf = parsedAt(form, json, path, problems)
  const name = json[key]
  if (leaf !== null && typeof name === 'string' && !lists.has(name))
    problems.note(`${path}.${key}`, `The policy has no list ${shown(name)}.`)
  return leaf
}

/** A range that ends before it begins is never met. */
function ordered(leaf: Leaf | null, path: string, { problems }: LeafContext): Leaf | null {
  if (leaf === null || !('from' in leaf) || leaf.from <= leaf.to) return leaf
  problems.note(
    `${path}.to`,
    `No number lies between ${leaf.from} and ${leaf.to}: \`from\` must not be above \`to\`.`,
  )
  return null
}

/** Texts with a closed set of values, or with one form: a condition on any other value is never true. */
const spellings: Record<string, { isPossible: (text: string) => boolean; wanted: string }> = {
  ...Object.fromEntries(
    textFact.options
      .filter((fact) => fact.startsWith('label.'))
      .map((fact) => [
        fact,
        {
          isPossible: (text: string) => isOneOf(labelFact.options, text),
          wanted: `one of ${labelFact.options.join(', ')}`,
        },
      ]),
  ),
  'action.family': {
    isPossible: (text) => isOneOf(actionFamily.options, text),
    wanted: `one of ${actionFamily.options.join(', ')}`,
  },
  'action.sensitivity': {
    isPossible: (text) => isOneOf(sensitivity.options, text),
    wanted: `one of ${sensitivity.options.join(', ')}`,
  },
  'context.payee_name_match': {
    isPossible: (text) => isOneOf(checkedNameMatch.options, text),
    wanted: `one of ${checkedNameMatch.options.join(', ')}`,
  },
  'action.name': {
    isPossible: (text) => actionName.safeParse(text).success,
    wanted: 'lower_snake_case, such as transfer',
  },
  'place.country': {
    isPossible: (text) => country.safeParse(text.toUpperCase()).success,
    wanted: 'two letters, such as ES',
  },
  'payee.country': {
    isPossible: (text) => country.safeParse(text.toUpperCase()).success,
    wanted: 'two letters, such as ES',
  },
  'amount.currency': {
    isPossible: (text) => currency.safeParse(text.toUpperCase()).success,
    wanted: 'a currency of ISO 4217, such as EUR',
  },
}

function possible(leaf: Leaf | null, path: string, { problems, patterns }: LeafContext): Leaf | null {
  if (leaf === null || !('fact' in leaf) || !('value' in leaf) || isAgainstFact(leaf)) return leaf
  if (leaf.op === 'matches') {
    patterns.counted += 1
    // Said once; those after it are not even compiled.
    if (patterns.counted === ruleLimits.patterns + 1)
      problems.note(`${path}.value`, `A policy’s rules may have ${ruleLimits.patterns} patterns together.`)
    if (patterns.counted > ruleLimits.patterns) return null
    const problem = patternProblem(leaf.value)
    if (problem !== null) problems.note(`${path}.value`, `The pattern ${problem}.`)
    return problem === null ? leaf : null
  }
  const spelling = spellings[leaf.fact]
  if (spelling === undefined || !['eq', 'ne', 'in', 'not_in'].includes(leaf.op)) return leaf
  const values = Array.isArray(leaf.value) ? leaf.value : [leaf.value]
  values.forEach((value, i) => {
    if (typeof value === 'string' && !spelling.isPossible(foldText(value)))
      problems.note(
        Array.isArray(leaf.value) ? `${path}.value[${i}]` : `${path}.value`,
        `${leaf.fact} is never ${shown(value)}: it is ${spelling.wanted}.`,
      )
  })
  return leaf
}
