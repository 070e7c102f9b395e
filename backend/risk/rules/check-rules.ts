import { listName, type RuleProblem, ruleLimits } from '#contract/rule'
import { isSeenWhole } from '#contract/text'
import { checkRule } from './check/check-rule.ts'
import { checkSteps } from './check/check-steps.ts'
import { type DeclaredFields, declaredIn } from './check/fact-kind.ts'
import { newProblems, objectOf, type Problems, parsedAt } from './check/problems.ts'

/**
 * What must not be published of a policy's rules, lists and steps, each with its path, as in `rules[3].when.all[1].fact`.
 * An empty answer means that `policySchema` accepts these parts, and that every rule can be asked and carried out.
 *
 * Takes any JSON and never throws: what it can't read is a problem too. It names at most a hundred problems.
 */
export function checkRules(policy: unknown): RuleProblem[] {
  const problems = newProblems()
  const json = objectOf(policy)
  if (json === null) {
    problems.note('', 'A policy is an object.')
    return problems.all
  }
  checkSteps(json['steps'], problems)
  const lists = checkLists(json['lists'], problems)
  checkEach(json['rules'], { lists, metadata: declaredIn(json['metadata']) }, problems)
  return problems.all
}

/** Answers the names of the lists. */
function checkLists(json: unknown, problems: Problems): ReadonlySet<string> {
  if (json === undefined) return new Set()
  const lists = objectOf(json)
  if (lists === null) {
    problems.note('lists', 'Must be an object: the entries of each list under its name.')
    return new Set()
  }
  const names = Object.keys(lists)
  if (names.length > ruleLimits.lists) problems.note('lists', `There may be ${ruleLimits.lists} lists.`)
  let entries = 0
  for (const name of names.slice(0, ruleLimits.lists)) {
    parsedAt(listName, name, `lists.${name.slice(0, 64)}`, problems)
    entries += checkEntries(lists[name], `lists.${name.slice(0, 64)}`, problems)
  }
  if (entries > ruleLimits.entries)
    problems.note('lists', `All lists together may have ${ruleLimits.entries} entries.`)
  return new Set(names)
}

/** Answers how many entries there are. */
function checkEntries(json: unknown, path: string, problems: Problems): number {
  if (!Array.isArray(json)) {
    problems.note(path, 'Must be a list of texts.')
    return 0
  }
  if (json.length > ruleLimits.entriesOfList)
    problems.note(path, `A list may have ${ruleLimits.entriesOfList} entries.`)
  for (const [i, entry] of json.slice(0, ruleLimits.entriesOfList).entries()) {
    if (problems.isFull()) break
    const isText = typeof entry === 'string' && entry.length > 0 && entry.length <= ruleLimits.textLength
    if (!isText) problems.note(`${path}[${i}]`, `Must be a text of 1 to ${ruleLimits.textLength} characters.`)
    else if (!isSeenWhole(entry))
      problems.note(`${path}[${i}]`, 'Must not contain invisible characters: it would match nothing.')
  }
  return json.length
}

function checkEach(
  json: unknown,
  declared: { lists: ReadonlySet<string>; metadata: DeclaredFields },
  problems: Problems,
): void {
  if (json === undefined) return
  if (!Array.isArray(json)) {
    problems.note('rules', 'Must be a list of rules.')
    return
  }
  if (json.length > ruleLimits.rules) problems.note('rules', `A policy may have ${ruleLimits.rules} rules.`)
  const context = { ...declared, problems, counted: { ofRule: 0, together: 0 }, patterns: { counted: 0 } }
  const places = new Map<string, number>()
  for (const [i, rule] of json.slice(0, ruleLimits.rules).entries()) {
    if (problems.isFull()) break
    const id = checkRule(rule, `rules[${i}]`, context)
    const before = id === null ? undefined : places.get(id)
    if (before !== undefined) problems.note(`rules[${i}].id`, `${id} is the id of rules[${before}] already.`)
    if (id !== null && before === undefined) places.set(id, i)
  }
}
