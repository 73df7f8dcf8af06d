import { logIn, LoginFailed, logOut, session } from '../client/login.js';
import { button, element, field, setText } from './dom.js';

// A login ends after half an hour without a request, and an open socket is none.
const SESSION_ASKED_MS = 10 * 60_000;

// Another tenant's key can be given in the address: /agent?tenant=acme
export const tenant = new URLSearchParams(location.search).get('tenant') ?? 'demo';
export const socketUrl = path => `${location.origin.replace(/^http/, 'ws')}/v1/${path}/socket`;

const MANAGERS_PAGE = { path: '/manager', words: 'the manager’s page' };
const PAGES = {
  agent: { path: '/agent', words: 'the agent’s page' },
  manager: MANAGERS_PAGE,
  admin: MANAGERS_PAGE,
  account_owner: MANAGERS_PAGE,
};

// Where somebody of the tenant logs in. `path` is the page's: who has another one is shown the way.
// `show` makes what is behind the door; it is given a function that leads back here.
export async function openDoor({ place, path, login, hint, show }) {
  const enter = person => {
    const isHis = PAGES[person.role]?.path === path;
    let isIn = true;
    // Once: what is left of who was here must not take the form away from who writes in it.
    const leaveOnce = () => {
      if (!isIn) return;
      isIn = false;
      leave();
    };
    place.replaceChildren(isHis ? show(leaveOnce) : makeSign(person, leaveOnce));
  };
  const leave = () => place.replaceChildren(makeForm({ login, hint, enter }));
  setInterval(() => session().catch(() => {}), SESSION_ASKED_MS);
  const known = await session().catch(() => null);
  if (known) enter(known);
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
      enter(await logIn(tenant, name.value, password.value));
    } catch (error) {
      setText(problem, error instanceof LoginFailed ? error.message : 'The server does not answer.');
    }
  });
  return form;
}

// A browser has one login for all of its pages, and this page is not that person's.
function makeSign({ name, role }, leave) {
  const problem = element('p', 'problem');
  problem.setAttribute('role', 'alert');
  const out = button('quiet', 'Log out', async () => {
    try {
      await logOut();
      leave();
    } catch {
      setText(problem, 'The server does not answer.');
    }
  });
  const page = PAGES[role];
  const words = `You are logged in as ${name}, and this is not your page.`;
  const sign = element('section', 'login', element('h1', '', 'Another page is yours'),
    element('p', '', page ? words : `${words} There is none for a ${role}.`));
  if (page) {
    const way = element('a', '', `Go to ${page.words}`);
    way.href = page.path + location.search;
    sign.append(way);
  }
  const hint = 'A browser knows one login at a time: to be two people at once, use a private window.';
  sign.append(out, problem, element('p', 'hint', hint));
  return sign;
}
