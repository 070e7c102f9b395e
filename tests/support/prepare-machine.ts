import { type ExecFileSyncOptions, execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findChromium } from './chromium.ts'
import { hasPython, installLookAlike } from './mongo/look-alike.ts'

/**
 * What the tests need beside npm packages: a Chromium, and an engine that speaks MongoDB's protocol (a server at
 * MONGODB_URI, `mongod`, or a look-alike that Python's package index has). On Debian as root what is missing is
 * installed; elsewhere the tests that need it say what to do. Without Python the tests go on without that engine.
 */
export const prepareMachine = (): void => {
  const packages = [
    ...(findChromium() === null ? ['chromium'] : []),
    ...(hasMongoEngine() || hasPython() ? [] : ['python3', 'python3-venv', 'python3-pip']),
  ]
  if (packages.length > 0 && canInstall()) install(packages)
  // Here, so that test files which run at the same time don't all fetch it.
  if (!hasMongoEngine()) installLookAlike()
}

const install = (packages: readonly string[]): void => {
  console.log(`installing ${packages.join(', ')}`)
  const options: ExecFileSyncOptions = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }
  execFileSync('apt-get', ['update', '-q'], options)
  execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], options)
}

const hasMongoEngine = (): boolean => (process.env['MONGODB_URI'] ?? '') !== '' || onPath('mongod')

const canInstall = (): boolean => process.getuid?.() === 0 && onPath('apt-get')

const onPath = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))
