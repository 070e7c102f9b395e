import { describe, expect, test } from 'vitest'
import { defaultPolicy } from '../../backend/risk/default-policy.ts'
import { actionPolicy, policySchema, requiresTarget, tierOfScore } from '../../backend/risk/policy.ts'

const usd = { value: 1, currency: 'USD' }

describe('the policy', () => {
  test.each([
    ['login', 'other', 'low'],
    ['password_reset', 'credentials', 'medium'],
    ['transfer', 'money_out', 'medium'],
    ['large_transfer', 'money_out', 'high'],
    ['add_payee', 'money_out', 'medium'],
    ['bulk_order', 'money_out', 'medium'],
    ['raise_limit', 'money_out', 'medium'],
    ['loan', 'money_out', 'medium'],
    ['change_email', 'credentials', 'high'],
    ['change_password', 'credentials', 'high'],
    ['admin_action', 'admin', 'high'],
    ['export_data', 'data', 'high'],
    ['close_account', 'data', 'high'],
  ])('knows %s', (action, family, sensitivity) => {
    expect(actionPolicy(defaultPolicy, { action, amount: null, payee: null })).toMatchObject({
      family,
      sensitivity,
      wording: action,
    })
  })

  test.each(['sell_house', 'constructor', '__proto__'])(
    'takes %s, unmapped, with an amount for money going out, and lets none through without',
    (action) => {
      expect(actionPolicy(defaultPolicy, { action, amount: usd, payee: null })).toEqual({
        family: 'money_out',
        sensitivity: 'medium',
        wording: 'generic',
        required: ['amount', 'payee'],
        floor: 'none',
      })
      expect(actionPolicy(defaultPolicy, { action, amount: null, payee: null })).toMatchObject({
        family: 'other',
        floor: 'critical',
      })
    },
  )

  test('demands a target where screen and digest must name one, and not of what only replaces a password', () => {
    const demanding = Object.keys(defaultPolicy.actions).filter((action) =>
      requiresTarget(defaultPolicy, action),
    )
    expect(demanding.sort()).toEqual(['change_email', 'close_account', 'export_data'])
    expect(requiresTarget(defaultPolicy, 'water_plants')).toBe(false)
  })

  test.each([
    [0, 'none'],
    [39, 'none'],
    [40, 'low'],
    [59, 'low'],
    [60, 'medium'],
    [74, 'medium'],
    [75, 'high'],
    [89, 'high'],
    [90, 'critical'],
    [100, 'critical'],
  ])('calls %i %s', (score, tier) => {
    expect(tierOfScore(defaultPolicy, score)).toBe(tier)
  })

  test('of before there were floors holds no action at one', () => {
    const { floor: _, ...login } = actionPolicy(defaultPolicy, { action: 'login', amount: null, payee: null })
    expect(policySchema.parse({ ...defaultPolicy, actions: { login } }).actions['login']?.floor).toBe('none')
  })

  test('survives storage', () => {
    expect(policySchema.parse(JSON.parse(JSON.stringify(defaultPolicy)))).toEqual(defaultPolicy)
  })

  test.each([
    ['weak signals could block alone', { weak: { families: ['network'], cap: 28 } }],
    ['tiers overlap', { thresholds: { ...defaultPolicy.thresholds, medium: 80 } }],
    ['the mildest tier does not begin at 0', { thresholds: { ...defaultPolicy.thresholds, none: 5 } }],
    ['a signal has no weight', { weights: { ...defaultPolicy.weights, DEVICE_NEW: undefined } }],
    ['the browser’s word has no cap', { client_cap: undefined }],
    ['a weight is not whole', { weights: { ...defaultPolicy.weights, DEVICE_NEW: 1.5 } }],
    ['it has a field that nobody reads', { colour: 'red' }],
  ])('is refused when %s', (_why, change) => {
    expect(policySchema.safeParse({ ...defaultPolicy, ...change }).success).toBe(false)
  })
})
