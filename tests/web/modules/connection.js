// A connection that is lost while something waits, and one that cannot be made.
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { Connection, ConnectionLost, SignedOut } from '../../../web/client/connection.js';
import { logIn, logOut, session, ticket } from '../../../web/client/login.js';
import {
  all, answer, comeBack, enterDesk, enterVisitor, find, last, moment, onAClock, refuse,
} from './scripted.js';

test('what waits to be said again ends with its connection', () => onAClock(async later => {
  const desk = await enterDesk();
  let end;
  desk.client.claim('c1').catch(error => end = error);
  await moment();
  await refuse(desk, find(desk, 'claim'), 'unavailable');
  desk.close(1006);
  await moment();
  assert.ok(end instanceof ConnectionLost);
  later(20_000);
  await moment();
  assert.equal(all(desk, 'claim').length, 1);
  desk.client.end();
}));

test('a watch that was refused for a moment is asked for once on the next connection', () =>
  onAClock(async later => {
    const desk = await enterDesk();
    const watching = desk.client.watch({ queue: true }).catch(() => {});
    await refuse(desk, find(desk, 'watch'), 'unavailable', 5_000);
    await comeBack(desk, later);
    await refuse(desk, last(desk, 'watch'), 'unavailable', 5_000);
    await comeBack(desk, later);
    later(20_000);
    await moment();
    assert.equal(all(desk, 'watch').length, 3);
    await answer(desk, last(desk, 'watch'), { live: { queue: [] } });
    await watching;
    desk.client.end();
  }));

test('a message that waits to be said again is said with the next welcome, and in its order', () =>
  onAClock(async later => {
    const visitor = await enterVisitor();
    for (const text of ['1', '2']) visitor.client.send('c1', 'text', text);
    await refuse(visitor, find(visitor, 'send'), 'unavailable', 5_000);
    await comeBack(visitor, later);
    const [first, again] = all(visitor, 'send');
    assert.equal(again.send.clientMsgId, first.send.clientMsgId);
    await answer(visitor, again, { stored: { conversationId: 'c1', seq: 1 } });
    later(20_000);
    await moment();
    assert.deepEqual(all(visitor, 'send').map(({ send }) => send.text.text), ['1', '1', '2']);
    visitor.client.end();
  }));

test('who told something is told that it was refused, and only that', async () => {
  const desk = await enterDesk();
  const refusals = [];
  for (const name of ['a', 'b']) {
    desk.client.connection.tell({ typing: {} }, ({ code }) => refusals.push([name, code]));
  }
  const [a, b] = all(desk, 'typing');
  await refuse(desk, b, 'unavailable');
  await refuse(desk, b, 'unavailable');
  assert.deepEqual(refusals, [['b', 'unavailable']]);
  await refuse(desk, a, 'invalid');
  assert.deepEqual(refusals, [['b', 'unavailable'], ['a', 'invalid']]);
  desk.client.end();
});

// A connection whose hellos are in the test's hand.
function reach() {
  globalThis.WebSocket = class {
    constructor() {
      ++hellos.sockets;
    }
    close() {}
  };
  const hellos = Object.assign([], { sockets: 0 });
  const hello = () => new Promise((say, fail) => hellos.push({ say, fail }));
  const connection = new Connection('ws://test', { hello, changed: () => {} });
  connection.open();
  return { connection, hellos };
}

test('a hello that cannot be made in time is given up, and another is tried', () =>
  onAClock(async later => {
    const { connection, hellos } = reach();
    later(10_000);
    assert.equal(connection.state, 'waiting');
    later(500);
    assert.equal(connection.state, 'connecting');
    assert.equal(hellos.length, 2);
    hellos[0].say({});
    await moment();
    assert.equal(hellos.sockets, 0, 'the first came too late');
    hellos[1].say({});
    await moment();
    assert.equal(hellos.sockets, 1);
    connection.close();
  }));

test('a connection that was closed stays so, whatever becomes of its hello', () => onAClock(async () => {
  for (const failure of [new Error('no ticket'), new SignedOut()]) {
    const { connection, hellos } = reach();
    connection.close();
    hellos[0].fail(failure);
    await moment();
    assert.equal(connection.state, 'ended');
  }
}));

// The network as the browser tells of it.
async function withNetwork(what) {
  const heard = new Set();
  globalThis.addEventListener = (kind, hear) => heard.add(hear);
  globalThis.removeEventListener = (kind, hear) => heard.delete(hear);
  try {
    await what(heard);
  } finally {
    delete globalThis.addEventListener;
    delete globalThis.removeEventListener;
  }
}

test('who has no network knows it also while a hello is made', () => withNetwork(heard =>
  onAClock(async later => {
    const { connection, hellos } = reach();
    const [offline, online] = heard;
    offline();
    assert.equal(connection.state, 'waiting');
    online();
    later(500);
    assert.equal(connection.state, 'connecting');
    assert.equal(hellos.length, 2);
    connection.close();
  })));

test('a connection that is over listens to the network no more', () => withNetwork(heard =>
  onAClock(async () => {
    const { connection } = reach();
    connection.reopen();
    assert.equal(heard.size, 2);
    connection.close();
    assert.equal(heard.size, 0);
    const { hellos } = reach();
    hellos[0].fail(new SignedOut());
    await moment();
    assert.equal(heard.size, 0);
  })));

test('no request of a login is without a limit of time', async () => {
  const limits = mock.method(AbortSignal, 'timeout', ms => ({ ms }));
  const { fetch } = globalThis;
  const asked = [];
  globalThis.fetch = async (path, { signal } = {}) => {
    asked.push([path, signal?.ms]);
    return { ok: true, json: async () => ({}) };
  };
  for (const request of [session, logIn, logOut, ticket]) await request();
  globalThis.fetch = fetch;
  limits.mock.restore();
  assert.deepEqual(asked, ['session', 'login', 'logout', 'ticket']
    .map(path => [`/v1/${path}`, 10_000]));
});
