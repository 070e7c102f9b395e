import { codeMail, groupedCode, securityAlertMail } from '../../../widget/texts/mail-texts.ts'
import { mailLine } from '../../../widget/texts/typed-name.ts'
import { wordings } from '../../../widget/texts/wording.ts'
import { view } from '../views.ts'
import { equal, ok } from './expect.ts'
import { describe, it } from './mocha.ts'

const mailFor = (name: string, wording = 'transfer', code = '482913') =>
  codeMail({
    company: 'Northwind Bank',
    action: {
      ...view().action,
      wording,
      payee: { name, account_ending: '5555', is_new: true },
      target: 'https://evil.example 555123456',
    },
    code,
    lifetimeSeconds: 300,
    supportPhone: '+1 202 555 0143',
    language: 'en',
  })

describe('mail', () => {
  it('the subject names company and amount, neither code nor payee', () => {
    equal(mailFor('J. Smith').subject, 'Northwind Bank: your 10,000.00 USD transfer')
    for (const wording of wordings) {
      const { subject } = mailFor('J. Smith', wording)
      ok(!/482|Smith|undefined|null|\n/.test(subject), subject)
    }
  })
  it('the warning stands before the code, in text and in HTML', () => {
    for (const body of [mailFor('J. Smith').text, mailFor('J. Smith').html]) {
      const [warning, code] = [body.indexOf('will ever ask for it'), body.indexOf('482 913')]
      ok(warning > 0 && code > warning, body)
    }
  })
  it('says what it is for, for how long, and whom to call', () => {
    const { text } = mailFor('J. Smith')
    ok(text.startsWith('You asked to send 10,000.00 USD to the name you typed: "J. Smith"'), text)
    ok(text.includes('works for 5 minutes') && text.includes('+1 202 555 0143'), text)
  })
  it('groups six and eight digits in halves', () =>
    equal([groupedCode('482913'), groupedCode('48291374')], ['482 913', '4829 1374']))

  const hostile: [string, string, RegExp][] = [
    ['a link', 'Pay at https://evil.example/x now', /https|evil/],
    ['a bare host', 'evil.com/login', /evil\.com/],
    ['a host in capitals', 'EVIL.COM', /EVIL\.COM/],
    ['an address', 'write to help@evil.example', /@|evil/],
    ['a full-width @', 'help＠evil.example', /@|＠|evil/],
    ['a code', 'code 482913', /482913/],
    ['a spaced phone number', 'call 555 01 23', /555 01 23/],
    ['full-width digits', '５５５１２３４', /5551234|５/],
    ['a bidi control', 'J.\u202ESmith', /\u202E/],
    ['a line break', 'J. Smith\nYour code: 1', /\nYour/],
    ['a quote that ends the name', 'J" is us. "', /"J" is/],
  ]
  for (const [what, name, mustNot] of hostile) {
    it(`the payee's name cannot carry ${what}`, () => {
      const quoted = mailFor(name).text.match(/you typed: "(.*?)"/s)?.[1] ?? ''
      ok(quoted !== '' && !mustNot.test(quoted), quoted)
    })
  }
  it('a name is cut at 40 characters', () => equal([...mailLine('ab '.repeat(60))].length <= 40, true))
  it('no typed markup reaches the HTML, and there are no links or images', () => {
    const { html } = mailFor('<img src=x> & <a href=y>')
    ok(!/<(?!\/?(?:!doctype|html|body|p|strong|br|span)[ >])/i.test(html), html)
    for (const wording of wordings) ok(!/https?:|555123456/.test(mailFor('J. Smith', wording).text), wording)
  })
  it('a security alert names incident, reference, action and user id only', () => {
    const { subject, text } = securityAlertMail({
      company: 'Northwind Bank',
      incidentId: 'inc_1',
      caseReference: 'K7-4Q9',
      action: 'transfer',
      userId: 'u_42',
      language: 'en',
    })
    equal(subject, 'Northwind Bank: incident K7-4Q9 opened')
    ok(
      ['inc_1', 'K7-4Q9', 'transfer', 'u_42'].every((fact) => text.includes(fact)),
      text,
    )
  })
})
