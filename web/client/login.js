import { HELLO_MS, SignedOut } from './connection.js';

// Logging in, over HTTP. The session is in a cookie that scripts cannot read; a socket is opened
// with a ticket, good once and for half a minute. Every request that changes something declares
// JSON: a page of another origin cannot do that unasked.

export class LoginFailed extends Error {}

// A network that swallows everything without a word would keep a request for minutes.
function ask(path, options) {
  return fetch(path, { ...options, signal: AbortSignal.timeout(HELLO_MS) });
}

async function post(path, body) {
  return ask(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body),
  });
}

// Who is logged in; null: nobody.
export async function session() {
  const response = await ask('/v1/session');
  return response.ok ? (await response.json()).agent : null;
}

export async function logIn(tenant, login, password) {
  const response = await post('/v1/login', { tenant, login, password });
  if (response.ok) return (await response.json()).agent;
  if (response.status === 401) throw new LoginFailed('The name or the password is wrong.');
  if (response.status === 429) {
    const seconds = response.headers.get('Retry-After');
    throw new LoginFailed(`Too many tries. Try again in ${seconds} s.`);
  }
  throw new LoginFailed('Logging in is not possible now.');
}

// Closes the sockets of this login too.
export async function logOut() {
  const response = await post('/v1/logout', {});
  if (!response.ok && response.status !== 401) throw new Error(`no logout: ${response.status}`);
}

export async function ticket() {
  const response = await post('/v1/ticket', {});
  if (response.status === 401) throw new SignedOut();
  if (!response.ok) throw new Error(`no ticket: ${response.status}`);
  return (await response.json()).ticket;
}
