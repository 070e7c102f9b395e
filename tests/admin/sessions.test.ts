import { expect, test } from 'vitest'
import { definitions } from '../../backend/collections.ts'
import { searchMax } from '../../backend/http/desk-sessions.ts'
import { sealedBy } from '../../backend/store/define-collection.ts'
import { questions } from '../../widget/texts/en/steps/questions.ts'
import { ingest, transfer } from '../support/client.ts'
import { getJson, openOffice } from './desk.ts'
import { deskForFile } from './desk-for-file.ts'
import { askedSpecifically, incidentFixture, reportFixture, secretWords, sessionFixture } from './fixtures.ts'

const logLines: string[] = []

const desk = await deskForFile({ logLines })
const ours = await openOffice(desk, 'mira@ours.example')
const theirs = await openOffice(desk, 'theo@theirs.example')

const now = () => desk.world.deps.clock()
const store = () => desk.world.deps.collections

const idsOf = (body: Record<string, unknown>): string[] =>
  (body['sessions'] as { id: string }[]).map(({ id }) => id)

/** Every page from the first to the last. */
const walk = async (path: string, cookie: string): Promise<string[]> => {
  const ids: string[] = []
  let cursor: unknown = null
  do {
    const page = await getJson(desk, cursor === null ? path : `${path}&cursor=${cursor}`, cookie)
    expect(page.status).toBe(200)
    ids.push(...idsOf(page.body))
    cursor = page.body['next']
  } while (cursor !== null)
  return ids
}

test('pages are newest first, and sessions of the same millisecond are neither skipped nor repeated', async () => {
  const { id: org, cookie } = await openOffice(desk, 'pages@x.example')
  const at = now()
  for (let n = 0; n < 130; n += 1)
    await store().sessions.insert(sessionFixture({ org_id: org, id: `tie${n}`, at: at + Math.floor(n / 60) }))
  const ids = await walk('/api/sessions?environment=live', cookie)
  expect(ids).toHaveLength(130)
  expect(new Set(ids).size).toBe(130)
  expect(ids.slice(0, 10).every((id) => Number(id.slice('ses_tie'.length)) >= 120)).toBe(true)
})

test('a session that can’t be read is missing from the list, and hides no other', async () => {
  const { id: org, cookie } = await openOffice(desk, 'unfit@x.example')
  // Written before there were lines: only then does a list read the document.
  const { line: _, ...withoutLines } = definitions.sessions
  const older = desk.world.store.collection(sealedBy(withoutLines, desk.world.sealer))
  for (let n = 0; n < 120; n += 1) {
    const session = sessionFixture({ org_id: org, id: `fit${n}`, at: now() + n })
    const unfit = { ...session, surplus: 'written by a newer release' }
    await (n % 2 === 0 ? older : desk.world.elsewhere.sessions).insert(n % 10 === 0 ? unfit : session)
  }
  const ids = await walk('/api/sessions?environment=live', cookie)
  expect(ids).toHaveLength(108)
  expect(logLines.some((line) => line.includes('ses_fit10 '))).toBe(true)
})

test('a filter finds a rare session behind many others, a bounded stretch at a time', async () => {
  const { id: org, cookie } = await openOffice(desk, 'rare@x.example')
  const at = now()
  await store().sessions.insert(
    sessionFixture(
      { org_id: org, id: 'rare', at },
      {
        ending: { outcome: 'block_escalate', resolution: 'blocked' },
      },
    ),
  )
  for (let n = 0; n < searchMax; n += 1)
    await store().sessions.insert(sessionFixture({ org_id: org, id: `usual${n}`, at: at + 1 + n }))
  const first = await getJson(desk, '/api/sessions?environment=live&outcome=block_escalate', cookie)
  expect(idsOf(first.body)).toEqual([])
  expect(first.body['searched_to']).toBe(at + 1)
  expect(await walk('/api/sessions?environment=live&outcome=block_escalate', cookie)).toEqual(['ses_rare'])
  expect(await walk('/api/sessions?environment=live&status=open', cookie)).toEqual([])
  expect(await walk('/api/sessions?environment=test', cookie)).toEqual([])
})

test('one person is found by the id that their site gave them', async () => {
  await ingest(desk.world, ours.key, transfer({ user: { id: 'u_one', email: 'one@example.com' } }))
  await ingest(desk.world, ours.key, transfer({ user: { id: 'u_two', email: 'two@example.com' } }))
  const page = await getJson(desk, '/api/sessions?environment=live&user=u_one', ours.cookie)
  expect((page.body['sessions'] as { user_id: string }[]).map(({ user_id }) => user_id)).toEqual(['u_one'])
})

test.each([
  ['/api/sessions', 'environment missing'],
  ['/api/sessions?environment=staging', 'environment unknown'],
  ['/api/sessions?environment=live&outcome=deny', 'outcome unknown'],
  ['/api/sessions?environment=live&outcome=allow&outcome=allow', 'outcome twice'],
  ['/api/sessions?environment=live&org_id=org_other', 'a parameter that nobody declared'],
  ['/api/sessions?environment=live&cursor=%7B%7D', 'no cursor'],
  ['/api/sessions/..%2F..%2Fetc', 'no id'],
])('%s is refused: %s', async (path) => {
  const answered = await getJson(desk, path, ours.cookie)
  expect(answered.status).toBe(400)
  expect(answered.body['code']).toBe('invalid_request')
})

/** A case of ours with every document that it can have. */
const openCase = async () => {
  const common = { org_id: ours.id, at: now() }
  await store().sessions.insert(
    sessionFixture(
      { ...common, id: 'case' },
      {
        consequences: {
          incident_id: 'inc_case',
          report: { details: 'He said he was from the bank.', at: now() },
        },
      },
    ),
  )
  await store().incidents.insert(
    incidentFixture({ ...common, id: 'case', session_id: 'ses_case' }, { hold_id: 'hold_case' }),
  )
  await store().scamReports.insert(reportFixture({ ...common, id: 'case', session_id: 'ses_case' }))
  await store().userHolds.insert({
    _id: 'grd_SECRET-user-key',
    org_id: ours.id,
    version: 1,
    purge_at: null,
    holds: [
      {
        id: 'hold_case',
        session_id: 'ses_case',
        incident_id: 'inc_case',
        family: 'money_out',
        payee_key: 'SECRET-payee-key',
        reason: 'answered_yes',
        opened_at: now(),
        ends_at: now() + 43_200_000,
        needs_release: false,
        released: null,
      },
    ],
    not_sure: [],
    abandonments: [],
    stops: [],
  })
}

const casePaths = [
  '/api/sessions?environment=live',
  '/api/sessions/ses_case',
  '/api/incidents?environment=live',
  '/api/incidents/inc_case',
  '/api/scam-reports?environment=live',
  '/api/cases/K7-4Q9M',
  '/api/search?q=ses_case',
  '/api/search?q=evt_case',
  '/api/search?q=inc_case',
]

test('nothing that opens, proves or binds anything is in any answer', async () => {
  await openCase()
  const forbidden = [
    ...secretWords,
    ...[
      'url_sha256',
      'body_sha256',
      'password',
      'jti',
      'used_with',
      'master_kid',
      'pepper_kid',
      'last_submit',
    ],
    ...['digest', 'payee_key', '"keys"', '"act"', '"action_digest"', '"prev"', 'wording_token', 'step_token'],
  ]
  for (const path of casePaths) {
    const answered = await getJson(desk, path, ours.cookie)
    expect(answered.status, path).toBe(200)
    expect(answered.text, path).toContain('_case')
    expect(
      forbidden.filter((word) => answered.text.includes(word)),
      path,
    ).toEqual([])
  }
})

test('another organisation sees none of it, and cannot tell a foreign id from one that never was', async () => {
  for (const path of casePaths) {
    const foreign = await getJson(desk, path, theirs.cookie)
    expect(foreign.text, path).not.toContain('case_reference')
    if (!/\/(sessions|incidents)\/\w/.test(path)) continue
    const never = await getJson(desk, path.replace('_case', '_never'), theirs.cookie)
    const bare = (text: string) => text.replace(/req_[\w-]+/, '')
    expect([foreign.status, bare(foreign.text)]).toEqual([404, bare(never.text)])
  }
})

test('a session tells its whole story: reasons, steps with dwell, the answer beside its contradiction, the trail', async () => {
  const { body } = await getJson(desk, '/api/sessions/ses_case', ours.cookie)
  expect(body).toMatchObject({
    assessment: { score: 62, unknown: ['context.screen_shared'] },
    score_after: 52,
    steps: [
      { type: 'intent', dwell_ms: 9_000 },
      { type: 'email_code', dwell_ms: 31_000 },
    ],
    answers: [
      {
        step: 'intent',
        answer: 'no',
        contradicted: false,
        observed: [
          'A call was active.',
          'The payee was new for this person.',
          'The amount was high for this person.',
        ],
      },
    ],
    messages: [{ step: 'email_code', tries: 1, sends: 1, delivery: 'sent' }],
    decision: { redemption: 'valid' },
    holds: [{ id: 'hold_case', released: null }],
    incident: { id: 'inc_case' },
    trail: { integrity: { ok: true, length: 3 } },
  })
})

test('specific questions are told in the words that were shown, with dwell, and each answer beside its reasons', async () => {
  await store().sessions.insert(
    sessionFixture({ org_id: ours.id, id: 'asked', at: now() }, askedSpecifically(now())),
  )
  const { body } = await getJson(desk, '/api/sessions/ses_asked', ours.cookie)
  expect(body).toMatchObject({
    summary: { contradicted: true },
    question_set: 'questions-1',
    answers: [
      // The *no* was contradicted by a later answer, not by what the site observed.
      { step: 'intent', answer: 'no', contradicted: false },
      {
        step: 'questions',
        question: 'purpose',
        asked: questions.asked.purpose.headings[1],
        said: questions.asked.purpose.answers.other,
        dwell_ms: 5_000,
        reasons: [{ code: 'ANSWER_WITHHELD', points: 2 }],
        contradicted: false,
      },
      {
        step: 'questions',
        question: 'first_heard',
        asked: questions.asked.first_heard.headings[0],
        said: questions.asked.first_heard.answers.caller,
        dwell_ms: 13_000,
        reasons: [{ code: 'ANSWER_CONTRADICTS_ANSWER' }],
        contradicted: true,
      },
    ],
  })
})

test('a trail that somebody altered says so, and where', async () => {
  const altered = sessionFixture({ org_id: ours.id, id: 'altered', at: now() })
  const [first, second, third] = altered.audit.entries
  if (first === undefined || second === undefined || third === undefined) throw new Error('three entries')
  altered.audit.entries = [first, { ...second, meta: { answer: 'yes' } }, third]
  await store().sessions.insert(altered)
  const { body } = await getJson(desk, '/api/sessions/ses_altered', ours.cookie)
  expect(body['trail']).toMatchObject({ integrity: { ok: false, fault: 'altered_entry', seq: 2 } })
})

test.each(['K7-4Q9M', 'k74q9m', 'K7 4Q9M'])(
  'the case reference is found as people say it: %s',
  async (text) => {
    const { body } = await getJson(desk, `/api/cases/${encodeURIComponent(text)}`, ours.cookie)
    expect(body).toMatchObject({ incidents: [{ id: 'inc_case' }] })
  },
)

test('an incident carries its session, what the person reported and its hold', async () => {
  const { body } = await getJson(desk, '/api/incidents/inc_case', ours.cookie)
  expect(body).toMatchObject({
    incident: { case_reference: 'K7-4Q9M' },
    session: { id: 'ses_case' },
    report: { details: 'He said he was from the bank.' },
    hold: { id: 'hold_case' },
  })
})

test('whoever looks at a person is in the log before they see anything; the person is not', async () => {
  logLines.length = 0
  await getJson(desk, '/api/sessions/ses_case', ours.cookie)
  const looks = logLines
    .filter((line) => line.includes('looked at personal data'))
    .map((line) => JSON.parse(line))
  expect(looks).toEqual([
    expect.objectContaining({ session: 'ses_case', org: ours.id, account: expect.stringMatching(/^adm_/) }),
  ])
  expect(logLines.join('\n')).not.toMatch(/ana@example|J\. Smith|203\.0\.113\.7/)
})

test('a real session reads like any other', async () => {
  const { body: asked } = await ingest(desk.world, ours.key, transfer())
  const answered = await getJson(desk, `/api/sessions/${asked.session.id}`, ours.cookie)
  expect(answered.status).toBe(200)
  expect(answered.body).toMatchObject({
    trail: { integrity: { ok: true } },
    assessment: { score: asked.score },
  })
})
