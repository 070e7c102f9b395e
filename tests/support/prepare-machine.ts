import { type ExecFileSyncOptions, execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { findChromium } from './chromium.ts'

/**
 * What the tests need beside npm packages: a Chromium, and an engine that speaks MongoDB's protocol (a server at
 * MONGODB_URI, `mongod`, or Java and Maven for the look-alike). On Debian as root what is missing is installed; elsewhere
 * the tests that need it say what to do.
 */
export const prepareMachine = (): void => {
  const packages = [
    ...(findChromium() === null ? ['chromium'] : []),
    ...(hasMongoEngine() ? [] : ['default-jre-headless', 'maven']),
  ]
  if (packages.length === 0 || !canInstall()) return
  console.log(`installing ${packages.join(', ')}`)
  const options: ExecFileSyncOptions = {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  }
  execFileSync('apt-get', ['update', '-q'], options)
  execFileSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], options)
}

const hasMongoEngine = (): boolean =>
  (process.env['MONGODB_URI'] ?? '') !== '' || onPath('mongod') || (onPath('java') && onPath('mvn'))

const canInstall = (): boolean => process.getuid?.() === 0 && onPath('apt-get')

const onPath = (program: string): boolean =>
  (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))
