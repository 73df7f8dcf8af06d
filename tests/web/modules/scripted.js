// A server of our own making behind the modules, and a clock that goes by when it is told to.
import { webcrypto } from 'node:crypto';

import { Client } from '../../../web/client/client.js';
import { DeskClient } from '../../../web/client/desk.js';

globalThis.crypto ??= webcrypto; // Node 18 has it under this name alone, browsers have it always

export const entry = (seq, prevSeq) => ({ seq, prevSeq, clientMsgId: `m${seq}` });
export const seqs = timeline => timeline.entries.map(({ seq }) => seq);
export const moment = () => new Promise(setImmediate); // all that is ready has happened

export function memory() {
  const kept = new Map();
  return {
    getItem: key => kept.get(key) ?? null,
    setItem: (key, value) => kept.set(key, value),
    removeItem: key => kept.delete(key),
  };
}

// `said` are the client's frames on all of its connections, push() and close() are the server's.
function open(Kind, options) {
  globalThis.sessionStorage = memory();
  const said = [];
  let socket;
  globalThis.WebSocket = class {
    constructor() {
      socket = this;
      setImmediate(() => this.onopen?.());
    }
    send(text) {
      said.push(...JSON.parse(text).frames);
    }
    close() {}
  };
  const client = new Kind({
    url: 'ws://test', key: 'desk', keepsClosed: false, kinds: [],
    credentials: () => ({ ticket: 't' }),
    tokenRefused: () => {}, welcomed: () => {}, changed: () => {},
    ...options,
  });
  const push = (...frames) => socket.onmessage({ data: JSON.stringify({ frames }) });
  return { client, said, push, close: code => socket.onclose({ code }) };
}

// Waits for a hello beyond the first `hellos`, and answers it.
async function welcome(page, hellos, more) {
  while (all(page, 'hello').length <= hellos) await moment();
  page.push({ reply: { id: 1, welcome: {
    sessionId: 's', lineage: 'l', serverNow: new Date(Date.now()).toISOString(),
    heartbeatIntervalMs: 60_000, self: { id: 'anna' }, ...more,
  } } });
  await moment();
  return page;
}

export const enterDesk = (more = {}) => welcome(open(DeskClient, {}), 0, more);
export const enterVisitor = (more = {}, options = {}) =>
  welcome(open(Client, { keepsClosed: true, ...options }), 0, more);

// The connection ends with that code, and another one begins; for that time has to go by.
export async function comeBack(page, later, more = {}, code = 1006) {
  const hellos = all(page, 'hello').length;
  page.close(code);
  await moment();
  later(500);
  return welcome(page, hellos, more);
}

export const all = ({ said }, command) => said.filter(frame => command in frame);
export const find = (page, command) => all(page, command)[0];
export const last = (page, command) => all(page, command).at(-1);

export async function answer(page, { id }, result) {
  page.push({ reply: { id, ...result } });
  await moment();
}

// Without a time of its own: whoever comes back later decides how long that is.
export const refuse = (page, frame, code, retryAfterMs) =>
  answer(page, frame, { error: { code, retryAfterMs } });

// Runs `what` with the clock and the timers in its hand: later(ms) lets so much time go by.
export async function onAClock(what) {
  const { Date: clock, setTimeout: after, clearTimeout: forget } = globalThis;
  const timers = new Map();
  let now = clock.now();
  let newest = 0;
  globalThis.Date = class extends clock { static now() { return now; } };
  globalThis.setTimeout = (call, ms = 0) => (timers.set(++newest, { call, at: now + ms }), newest);
  globalThis.clearTimeout = timer => timers.delete(timer);
  const later = ms => {
    now += ms;
    for (const [timer, { call, at }] of [...timers]) if (at <= now && timers.delete(timer)) call();
  };
  try {
    await what(later);
  } finally {
    Object.assign(globalThis, { Date: clock, setTimeout: after, clearTimeout: forget });
  }
}
