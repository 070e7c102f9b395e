import { html, nothing, type TemplateResult } from 'lit/html.js'
import { logIn } from './account.ts'
import { state } from './state.ts'

const onSubmit = (event: SubmitEvent): void => {
  event.preventDefault()
  if (!(event.target instanceof HTMLFormElement)) return
  const form = new FormData(event.target)
  const email = form.get('email')
  const password = form.get('password')
  if (typeof email === 'string' && typeof password === 'string') void logIn(email, password)
}

/** Stands in the place of any view, so that after logging in one is where one wanted to be. */
export const loginPage = (): TemplateResult => {
  const { message, busy } = state().login
  return html`<main class="login">
  <form @submit=${onSubmit}>
    <h1>Anti Social Engine</h1>
    <p class="quiet">For analysts. Every look at a person's data is written down.</p>
    ${message === null ? nothing : html`<p class="notice" role="alert">${message}</p>`}
    <label for="email">E-mail</label>
    <input id="email" name="email" type="email" autocomplete="username" required maxlength="254" autofocus>
    <label for="password">Password</label>
    <input id="password" name="password" type="password" autocomplete="current-password" required maxlength="256">
    <button class="main" type="submit" ?disabled=${busy}>${busy ? 'Checking …' : 'Log in'}</button>
  </form>
</main>`
}
