import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { defaultLanguage, languages } from '../../widget/texts/languages.ts'
import { analyticsHere } from '../analytics/analytics.ts'
import {
  allDefinitions,
  openAttempts,
  openCollections,
  openEvidence,
  openWholeEvidence,
} from '../collections.ts'
import { type Config, readConfig } from '../config.ts'
import type { Deps } from '../deps.ts'
import { createLog } from '../log.ts'
import { createMetrics } from '../metrics.ts'
import { defaultScopes, scope } from '../org/api-key.ts'
import { historyKeyDays } from '../org/key-terms.ts'
import { defaultPolicy } from '../risk/default-policy.ts'
import { openSealer } from '../sealing/sealer.ts'
import { loadRings } from '../secret-rings.ts'
import { createSecrets, type Secrets } from '../secrets.ts'
import { openStore } from '../store/open-store.ts'
import type { Store } from '../store/port.ts'
import { type Command, UsageError, type Values } from './command.ts'
import { commands } from './commands.ts'

/**
 * `npm run ase -- …`: what an operator does by hand. It reads the same environment as the backend and works on the same
 * store, also while the backend runs. Standard output carries what was asked for and nothing else, so that a script can
 * read it; a mistake is one sentence on standard error, and exit code 1.
 */

const usage = `Usage: npm run ase -- <command>

  org create    --id org_bank --name "Example Bank" --origin https://bank.example
                --return-url https://bank.example/transfer [--support-phone "+44 20 7946 0000"]
                [--support-url https://bank.example/help] [--security-email security@bank.example]
                [--hold-hours 12|24|72] [--language en-GB] [--time-zone Europe/Madrid]
                [--holdout-share 0.05] [--enforcement observe|enforce]
                Creates the organisation, or brings it up to exactly these facts: what is left out is removed.
                Left out, --hold-hours (how long a first hold lasts) is 12 and --language en.
                There are sentences in ${languages.map(({ code, name }) => `${code} (${name})`).join(', ')}; for any other language they are ${defaultLanguage.name}.
                Dates are written by --language's region and, for people whose own clock isn't known, by --time-zone (UTC).
                --holdout-share (0 to 0.2, default 0) lets that share of users go without mild checkpoints, to compare.
                --enforcement says whether live decisions are carried out. Left out, a new organisation observes (everything is
                allowed, and what would have been decided is written down), and an existing one goes on as it does.
                --origin (whose pages may frame the checkpoint) and --return-url (and all paths below it) may repeat.
  org show      --id org_bank
                What is registered of it.
  org allow     --id org_bank [--origin https://shop.bank.example] [--return-url https://shop.bank.example/paid]
                Adds these to the registered ones, and changes nothing else. Both may repeat.
  org contact   --id org_bank --security-email security@bank.example
                Names who is told when an incident opens, and changes nothing else.
  org enforcement  --id org_bank --env live|test --enforcement observe|enforce [--note "Two quiet weeks"]
                [--two-analysts yes|no]
                Says whether decisions are carried out there, and changes nothing else. Whoever enforces less is written into
                the trail, and the security contact gets a mail. --two-analysts: whether it takes two of them on the desk.
  key create    --org org_bank --env live|test [--name "Bank backend"] [--scope events:write] [--days 7]
                Prints the secret key, once. --scope may repeat. Default: ${defaultScopes.join(', ')};
                there are also ${scope.options.filter((one) => !defaultScopes.includes(one)).join(', ')}.
                A key with history:write ends after --days (${historyKeyDays.usual}, ${historyKeyDays.most} at most); any other only if --days says so.
                In live, history:write stands alone or with labels:write.
  key revoke    --id <key id>
                The key id is the third part of ase_test_<key id>_<secret>.
  admin create  --org org_bank --email ana@bank.example
                Makes an analyst's account and prints its password, once.
  policy list   --org org_bank --env live|test
                Every version of the policy, and where it stands.
  policy show   --org org_bank --env live|test --id pol_3
                One version as JSON: what it changes, its content, who moved it.
  policy fit    [FILE] --org org_bank --env live|test
                Fits the weights of the live policy to what became of events, and prints a draft with its reasons. With too few
                known frauds it says how many are missing. Nobody meets the draft before it is published.
                With FILE, what became of a labelled history that is replayed for it, as evaluate does.
  policy publish   --org org_bank --env live|test --id pol_3 --note "It did well in preview"
  policy rollback  --org org_bank --env live|test --id pol_3 --note "Too strict"
                Makes --id live, or what was live before it. The running backend evaluates its next event by it.
  evaluate      FILE --org org_bank [--env live] [--policy policy.json] [--from 2026-01-01] [--out evaluation.html]
                Replays a labelled history (the lines of POST /history) through an engine of its own: whom it would have
                met, and what it would have stopped. --from brings what is older as history. --out draws it as well.
  history import FILE [--org org_bank] [--env live|test] [--dry-run]
                Teaches what happened before you began to ask, from a file of lines {"key", "event", "result", "at"?}: the
                same as POST /history, of any length (backend/history.md). Stopped or killed, it goes on where it was.
                FILE.rejects says which lines are wrong. Left out, --env is live. --dry-run learns nothing.
  action list   --org org_bank --env live|test
                The actions that the live policy knows. Any other name is refused, or, with an amount, evaluated as a payment.
  action map    --org org_bank --env live|test --name refund --family money_out|credentials|data|admin|other
                [--sensitivity low|medium|high] [--requires amount] [--floor none|low|medium|high] [--wording generic]
                Makes a draft that knows it, and prints the draft's id. Left out, --sensitivity is medium and --floor low:
                at least the question. --requires (a fact that it must bring) may repeat.
  action enforce   --org org_bank --env live|test --name transfer --enforcement observe|enforce [--percent 25]
                Makes a draft that says so of this action, whatever the environment says, and prints the draft's id. --percent:
                of how many people in a hundred (100); who they are stays, so raising it only adds people.
  list import   FILE --org org_bank --env live|test --name mules [--mode add|replace|remove]
                [--kind payee|user|device|network|email_domain|country --owner "Fraud desk"]
                Fills a list from CSV, whose first line names the columns: account, id, name, country of payees, else value;
                and expires_at. All of it counts from one moment on, or nothing. --kind and --owner make a list that there is
                none of. Wrong lines go to FILE.rejects.
  list undo     --org org_bank --env live|test --name mules --id imp_1f…
                Takes an import back.
  trail         --org org_bank [--json]
                What was changed of the organisation, its keys, analysts, policies, and of labels outside sessions. --json
                prints what audit verify reads.
  trail verify  --org org_bank [--head 12:<hash>]
                Checks the whole chain, and that a head which you kept is still in it; prints the newest one to keep.
  audit verify  --file trail.json
                Checks what GET /audit?session=… or trail --json answered; needs neither store nor network.

It works on the store that the backend's own variables name: set the same DATA_DIR, or the same MONGODB_URI, MASTER_KEYS
and CODE_PEPPER.`

const options = {
  id: { type: 'string' },
  name: { type: 'string' },
  origin: { type: 'string', multiple: true },
  'return-url': { type: 'string', multiple: true },
  'support-phone': { type: 'string' },
  'support-url': { type: 'string' },
  'security-email': { type: 'string' },
  'hold-hours': { type: 'string' },
  language: { type: 'string' },
  'time-zone': { type: 'string' },
  'holdout-share': { type: 'string' },
  enforcement: { type: 'string' },
  'two-analysts': { type: 'string' },
  percent: { type: 'string' },
  org: { type: 'string' },
  env: { type: 'string' },
  scope: { type: 'string', multiple: true },
  days: { type: 'string' },
  email: { type: 'string' },
  note: { type: 'string' },
  family: { type: 'string' },
  sensitivity: { type: 'string' },
  requires: { type: 'string', multiple: true },
  wording: { type: 'string' },
  floor: { type: 'string' },
  file: { type: 'string' },
  mode: { type: 'string' },
  kind: { type: 'string' },
  owner: { type: 'string' },
  policy: { type: 'string' },
  from: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  head: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

const parsed = () => {
  try {
    return parseArgs({ allowPositionals: true, options })
  } catch (fault) {
    // Node goes on to explain how to pass such a word as a positional argument, which nothing here takes.
    const [mistake = ''] = fault instanceof Error ? fault.message.split('. ') : []
    throw new UsageError(`${mistake}; npm run ase lists the commands`)
  }
}

/**
 * The command that the first words name, and its values: a word behind it is its operand. Refuses words and options that it would
 * have to ignore.
 */
const commandOf = (words: readonly string[], given: Values): { command: Command; values: Values } => {
  const length = words.slice(0, 2).join(' ') in commands ? 2 : 1
  const name = words.slice(0, length).join(' ')
  const command = commands[name]
  if (command === undefined)
    throw new UsageError(`there is no command "${words.slice(0, 2).join(' ')}"; npm run ase lists them`)
  const { operand } = command
  const takes = operand !== undefined && given[operand] === undefined
  const [named] = takes ? words.slice(length) : []
  const values = operand === undefined || named === undefined ? given : { ...given, [operand]: named }
  const [stray] = words.slice(length + (named === undefined ? 0 : 1))
  if (stray !== undefined)
    throw new UsageError(`"${stray}" belongs to no option; give an option again for each further value`)
  const foreign = Object.keys(values).find((option) => !command.options.includes(option))
  if (foreign !== undefined)
    throw new UsageError(`${name} takes no --${foreign}; it takes --${command.options.join(', --')}`)
  return { command, values }
}

const storeName = (config: Config): string =>
  config.mongodbUri === null ? join(config.dataDir, 'ase.sqlite') : 'the database at MONGODB_URI'

/** What the spine is handed. Mails and other consequences are left to the backend, which finds them in the store. */
const depsOf = (config: Config, store: Store, secrets: Secrets): Deps => {
  const sealer = openSealer(store, secrets)
  const collections = openCollections(store, sealer)
  const evidence = { sessions: openWholeEvidence(store, sealer), unopened: openEvidence(store) }
  return {
    config,
    collections,
    attempts: openAttempts(store),
    secrets,
    policy: defaultPolicy,
    random: randomBytes,
    clock: Date.now,
    log: createLog('warn', process.stderr),
    metrics: createMetrics(),
    analytics: analyticsHere({ collections, ...evidence, policy: defaultPolicy, clock: Date.now }),
    sendMail: () => Promise.reject(new Error('a command sends no mail')),
    nudge: () => {},
  }
}

const run = async (): Promise<void> => {
  const { values: given, positionals } = parsed()
  if (given.help === true) return console.log(usage)
  if (positionals.length === 0) throw new UsageError(usage)
  const { command, values } = commandOf(positionals, given)
  if (!command.needsStore) return command.run(values)

  const config = readConfig(process.env)
  const store = await openStore(config, allDefinitions)
  const rings = loadRings(config)
  const secrets = createSecrets(rings.masters, rings.peppers)
  try {
    await command.run(values, { ...depsOf(config, store, secrets), storeName: storeName(config) })
  } finally {
    await store.close()
  }
}

await run().catch((fault: unknown) => {
  console.error(fault instanceof Error ? fault.message : fault)
  process.exit(1)
})
