import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Page } from 'playwright-core'
import { post } from '../../support/client.ts'
import { eventually } from './eventually.ts'
import type { Camera, Reel } from './reel.ts'
import { contradicted } from './scenes.ts'
import type { Started } from './system.ts'

/** The analysts' page as the demo's analyst. */
export const logIn = async (page: Page, started: Started, shoot: Camera) => {
  await page.goto(started.admin_url)
  await page.getByRole('button', { name: 'Log in' }).waitFor()
  await shoot('admin-login')
  await page.getByLabel('E-mail').fill(started.admin.email)
  await page.getByLabel('Password').fill(started.admin.password)
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByRole('heading', { level: 1, name: 'Sessions' }).waitFor()
}

/** A draft that stops whoever is on a call while paying somebody new, and looks twice at what is large and abroad. */
const guidedPayments = {
  weights: { DEVICE_NEW: 22 },
  rules: [
    {
      id: 'rule_guided',
      name: 'On a call, and somebody new to pay',
      priority: 90,
      mode: 'live',
      when: { all: [{ signal: 'CALL_ACTIVE' }, { fact: 'payee.known', op: 'eq', value: false }] },
      then: { outcome: 'block_escalate' },
    },
    {
      id: 'rule_abroad',
      name: 'Large and abroad',
      priority: 50,
      mode: 'preview',
      when: {
        all: [
          { fact: 'amount', op: 'gte', value: 500_000 },
          { fact: 'payee.country', op: 'not_in', value: ['SE', 'ES'] },
        ],
      },
      then: { minimum_tier: 'high', points: 10 },
    },
  ],
}

const cli = fileURLToPath(new URL('../../../backend/cli.js', import.meta.url))

/** A key with one scope, as an operator makes it. */
const keyFor = async ({ data_dir, org_id }: Started, scope: string): Promise<string> => {
  const words = ['key', 'create', '--org', org_id, '--env', 'test', '--scope', scope]
  const { stdout } = await promisify(execFile)(process.execPath, [cli, ...words], {
    env: { ...process.env, DATA_DIR: data_dir },
  })
  return stdout.trim()
}

const draftOf = async (started: Started): Promise<string> => {
  const key = await keyFor(started, 'policies:write')
  const headers = { authorization: `Bearer ${key}` }
  const draft = { changes: guidedPayments, note: 'Stop payments under guidance' }
  const { status, body } = await post<{ id: string }>(`${started.api_url}/policies`, draft, headers)
  if (status !== 201) throw new Error(`POST /policies answered ${status}: ${JSON.stringify(body)}`)
  return body.id
}

/** Versions of the policy, what one would have done, and what the checkpoints achieve. */
export const policy: Reel = async (page, started, shoot) => {
  const draft = await draftOf(started)
  await logIn(page, started, shoot)
  await page.getByRole('link', { name: 'Policy', exact: true }).click()
  await page.getByRole('link', { name: draft }).click()
  await page.getByRole('heading', { name: 'Who moved it' }).waitFor()
  await shoot('admin-policy-draft', true)
  await page.getByRole('button', { name: 'Backtest this draft' }).click()
  await page.getByRole('heading', { name: `Backtest of ${draft}` }).waitFor()
  await eventually(async () => {
    await page.keyboard.press('r')
    await page.locator('.story .state', { hasText: 'done' }).waitFor({ timeout: 500 })
  })
  await shoot('admin-backtest', true)
  await page.getByRole('link', { name: 'Backtests' }).click()
  await page.locator('a.row.backtest').first().waitFor()
  await shoot('admin-backtests')
  await page.getByRole('link', { name: 'Policy', exact: true }).click()
  await page.getByRole('link', { name: draft }).click()
  await page.getByRole('button', { name: 'Publish it' }).click()
  await page.getByLabel('Why').fill('Its backtest stops what was reported, and bothers nobody else.')
  await page.getByRole('button', { name: 'Look it over' }).click()
  await page.getByRole('button', { name: 'Publish it' }).waitFor()
  await shoot('admin-policy-second-look', true)
  await page.getByRole('button', { name: 'Publish it' }).click()
  await page.locator('.mark', { hasText: 'Live' }).waitFor()
  await contradicted.open(started)
  await page.getByRole('link', { name: 'Policy', exact: true }).click()
  await page.locator('a.row.policy').first().waitFor()
  await shoot('admin-policies')
  await page.getByRole('link', { name: 'Sessions' }).click()
  await page.locator('a.row.session').first().click()
  await page.getByText('Why each rule matched or did not').click()
  await page.locator('.explained').waitFor()
  await shoot('admin-session-rules', true)
  for (const by of ['tier', 'rule', 'text_version']) {
    await page.goto(`${started.admin_url}/effectiveness?environment=test&by=${by}&days=30`)
    await page.getByRole('heading', { level: 1, name: 'Effectiveness' }).waitFor()
    await shoot(`admin-effectiveness-${by}`, true)
  }
}
