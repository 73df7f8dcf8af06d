import { logIn, LoginFailed, session } from '../client/login.js';
import { element, field, setText } from './dom.js';

// A login ends after half an hour without a request, and an open socket is none.
const SESSION_ASKED_MS = 10 * 60_000;

// Another tenant's key can be given in the address: /agent?tenant=acme
export const tenant = new URLSearchParams(location.search).get('tenant') ?? 'demo';
export const socketUrl = path => `${location.origin.replace(/^http/, 'ws')}/v1/${path}/socket`;

// Where somebody of the tenant logs in. `show` makes what is behind the door; it is given a function
// that leads back here.
export async function openDoor({ place, login, hint, show }) {
  const enter = () => place.replaceChildren(show(leave));
  const leave = () => place.replaceChildren(makeForm({ login, hint, enter }));
  setInterval(() => session().catch(() => {}), SESSION_ASKED_MS);
  const known = await session().catch(() => null);
  if (known) enter();
  else leave();
}

function makeForm({ login, hint, enter }) {
  const name = field('input', { label: 'E-mail', type: 'email', name: 'login', required: true,
    autocomplete: 'username', value: login });
  const password = field('input', { label: 'Password', type: 'password', name: 'password',
    required: true, autocomplete: 'current-password', value: 'switchboard-demo' });
  const problem = element('p', 'problem');
  problem.setAttribute('role', 'alert');
  const form = element('form', 'login', element('h1', '', 'Log in'),
    element('label', '', 'E-mail', name), element('label', '', 'Password', password),
    element('button', 'primary', 'Log in'), problem, element('p', 'hint', hint));
  form.addEventListener('submit', async event => {
    event.preventDefault();
    setText(problem, '');
    try {
      await logIn(tenant, name.value, password.value);
      enter();
    } catch (error) {
      setText(problem, error instanceof LoginFailed ? error.message : 'The server does not answer.');
    }
  });
  return form;
}
