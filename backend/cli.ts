import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { commands, UsageError } from './cli/commands.ts'
import { readConfig } from './config.ts'
import { openStore } from './open-store.ts'
import { defaultScopes, scope } from './org/api-key.ts'
import { loadRings } from './secret-rings.ts'
import { createSecrets } from './secrets.ts'
import { openCollections } from './store/collections.ts'

/**
 * `npm run ase -- …`: what an operator does by hand. It reads the same environment as the backend and works on the same
 * store, also while the backend runs.
 */

const usage = `Usage: npm run ase -- <command>

  org create    --id org_bank --name "Example Bank" --origin https://bank.example
                --return-url https://bank.example/transfer [--support-phone "+44 20 7946 0000"]
                [--support-url https://bank.example/help] [--security-email security@bank.example]
                Creates the organisation or brings it up to these facts. --origin and --return-url may repeat.
  key create    --org org_bank --env live|test [--name "Bank backend"] [--scope events:write …]
                Prints the secret key, once. Default scopes: ${defaultScopes.join(', ')};
                all scopes: ${scope.options.join(', ')}.
  key revoke    --id <key id>
  admin create  --org org_bank --email ana@bank.example
                Makes an analyst's account and prints its password, once.
  audit verify  --file trail.json
                Checks what GET /audit?session=… answered; needs neither store nor network.`

const options = {
  id: { type: 'string' },
  name: { type: 'string' },
  origin: { type: 'string', multiple: true },
  'return-url': { type: 'string', multiple: true },
  'support-phone': { type: 'string' },
  'support-url': { type: 'string' },
  'security-email': { type: 'string' },
  org: { type: 'string' },
  env: { type: 'string' },
  scope: { type: 'string', multiple: true },
  email: { type: 'string' },
  file: { type: 'string' },
} as const

const run = async (): Promise<void> => {
  const { values, positionals } = parseArgs({ allowPositionals: true, options })
  const command = commands[positionals.join(' ')]
  if (command === undefined) throw new UsageError(usage)
  if (!command.needsStore) return command.run(values)

  const config = readConfig(process.env)
  const store = await openStore(config)
  const rings = loadRings(config)
  try {
    await command.run(values, {
      collections: openCollections(store),
      secrets: createSecrets(rings.masters, rings.peppers),
      random: randomBytes,
      clock: Date.now,
    })
  } finally {
    await store.close()
  }
}

await run().catch((fault: unknown) => {
  console.error(fault instanceof Error ? fault.message : fault)
  process.exit(1)
})
