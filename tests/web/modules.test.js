import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Connection, ConnectionLost, Refused } from '../../web/client/connection.js';
import { Outbox } from '../../web/client/outbox.js';
import { Timeline } from '../../web/client/timeline.js';
import { uuid7 } from '../../web/client/uuid7.js';
import { enterDesk, entry, find, memory, moment, onAClock, seqs } from './modules/scripted.js';

// Of this room too: none of them needs a server or a browser.
import './modules/connection.js';
import './modules/desk.js';
import './modules/pages.js';
import './modules/reading.js';
import './modules/reports.js';
import './modules/visitor.js';

test('a UUIDv7 has the time in front, and its version and variant', () => {
  const id = uuid7(0x0190c2f46b1e);
  assert.match(id, /^0190c2f4-6b1e-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(id, uuid7(0x0190c2f46b1e));
});

test('a timeline keeps what comes after a gap until the gap is closed', () => {
  const timeline = new Timeline();
  timeline.add(entry(1, undefined)); // JSON leaves out a zero
  timeline.add(entry(4, 2));
  timeline.add(entry(6, 4)); // 5 is a note that we may not see
  assert.deepEqual(seqs(timeline), [1]);
  assert.equal(timeline.hasGap, true);
  timeline.add(entry(2, 1));
  assert.deepEqual(seqs(timeline), [1, 2, 4, 6]);
  assert.equal(timeline.hasGap, false);
});

test('a timeline has each entry once, in whatever order they come', () => {
  const timeline = new Timeline();
  for (const seq of [3, 1, 2, 2, 1, 3]) timeline.add(entry(seq, seq - 1));
  assert.deepEqual(seqs(timeline), [1, 2, 3]);
  assert.equal(timeline.has('m2'), true);
  assert.equal(timeline.hasGap, false);
});

test('an outbox sends again what was not answered, in order and under the same ids', async () => {
  const storage = memory();
  const outbox = new Outbox(storage, 'outbox');
  outbox.add({ id: 'a', kind: 'text', conversationId: 'c', text: '1' });
  outbox.add({ id: 'b', kind: 'text', conversationId: 'c', text: '2' });
  const asked = [];
  const lost = async command => {
    asked.push(command.send.clientMsgId);
    throw new ConnectionLost();
  };
  await outbox.flush(lost, () => {});
  const reloaded = new Outbox(storage, 'outbox');
  const stored = async command => {
    asked.push(command.send.clientMsgId);
    return { stored: { conversationId: 'c', seq: asked.length } };
  };
  await reloaded.flush(stored, () => {});
  assert.deepEqual(asked, ['a', 'a', 'b']);
});

test('an outbox keeps what was refused, says why, and goes on', async () => {
  const outbox = new Outbox(memory(), 'outbox');
  outbox.add({ id: 'a', kind: 'text', conversationId: 'c', text: '' });
  outbox.add({ id: 'b', kind: 'note', conversationId: 'c', text: 'fine' });
  const ask = async ({ send }) => {
    if (send.text) throw new Refused({ code: 'invalid' });
    return { stored: { conversationId: 'c', seq: 1 } };
  };
  await outbox.flush(ask, () => {});
  assert.deepEqual(outbox.items().map(({ failed, stored }) => failed ?? stored), ['invalid', true]);
});

test('a first message goes into the conversation that is open already', async () => {
  const outbox = new Outbox(memory(), 'outbox');
  outbox.add({ id: 'a', kind: 'start', text: 'hello' });
  const asked = [];
  const ask = async command => {
    asked.push(command);
    if (command.start) throw new Refused({ code: 'already_open', conversationId: 'c' });
    return { stored: { conversationId: 'c', seq: 5 } };
  };
  await outbox.flush(ask, () => {});
  assert.deepEqual(asked[1], { send: { conversationId: 'c', clientMsgId: 'a', text: { text: 'hello' } } });
});

const presence = (version, status) => ({ agentId: 'ben', channel: 'CHANNEL_CHAT', status, version });

test('what is assigned is confirmed by itself, in the welcome and later', async () => {
  const summary = { conversationId: 'c1', agent: { id: 'anna' }, needsConfirmation: true };
  const desk = await enterDesk({ conversations: [summary] });
  assert.equal(find(desk, 'confirm').confirm.conversationId, 'c1');
  desk.push({ event: { summary: { ...summary, conversationId: 'c2' } } });
  desk.push({ event: { summary: { ...summary, conversationId: 'c3', agent: { id: 'ben' } } } });
  desk.push({ event: { summary: { ...summary, conversationId: 'c2' } } });
  await moment();
  const confirmed = desk.said.flatMap(({ confirm }) => confirm?.conversationId ?? []);
  assert.deepEqual(confirmed, ['c1', 'c2']);
  desk.client.end();
});

test('a confirmation does not wait for answers to other commands', async () => {
  const desk = await enterDesk();
  const asked = [];
  for (let i = 0; i < 9; ++i) asked.push(desk.client.connection.ask({ setAway: { away: true } }));
  const summary = { conversationId: 'c1', agent: { id: 'anna' }, needsConfirmation: true };
  desk.push({ event: { summary } });
  await moment();
  assert.equal(find(desk, 'confirm').confirm.conversationId, 'c1');
  assert.equal(desk.said.filter(frame => 'setAway' in frame).length, 4);
  desk.push({ reply: { id: find(desk, 'confirm').id, done: {} } });
  await moment();
  assert.equal(desk.said.filter(frame => 'setAway' in frame).length, 4, 'nor they for its');
  desk.client.connection.close();
  await Promise.allSettled(asked);
});

test('a long answer is one, and of two presences the one with the higher version stays', async () => {
  const desk = await enterDesk();
  const watching = desk.client.watch({ agents: true, queue: true });
  const { id } = find(desk, 'watch');
  const line = { agent: { id: 'ben' }, presence: [presence('9', 'STATUS_BUSY')] };
  desk.push({ reply: { id, live: { agents: [line], more: true } } });
  desk.push({ reply: { id, live: {
    agents: [{ agent: { id: 'chloe' } }],
    queue: [{ conversationId: 'c1', state: 'CONVERSATION_STATE_QUEUED' }],
  } } });
  await watching;
  const { agents, queue } = desk.client;
  assert.deepEqual([...agents.keys()], ['ben', 'chloe']);
  assert.deepEqual([...queue.keys()], ['c1']);
  const status = () => agents.get('ben').presence.get('CHANNEL_CHAT').status;
  desk.push({ event: { presence: presence('8', 'STATUS_UNAVAILABLE') } });
  assert.equal(status(), 'STATUS_BUSY');
  desk.push({ event: { presence: presence('10', 'STATUS_AVAILABLE') } });
  assert.equal(status(), 'STATUS_AVAILABLE');
  desk.push({ event: { summary: { conversationId: 'c1', state: 'CONVERSATION_STATE_ACTIVE' } } });
  assert.equal(queue.size, 0);
  desk.client.end();
});

test('the queue is in the order of its tickets, also when one returns to it', async () => {
  const desk = await enterDesk();
  const waits = (conversationId, ticket) =>
    ({ conversationId, ticket, state: 'CONVERSATION_STATE_QUEUED' });
  const watching = desk.client.watch({ queue: true });
  const { id } = find(desk, 'watch');
  desk.push({ reply: { id, live: { queue: [waits('c2', '20'), waits('c3', '100')] } } });
  await watching;
  const order = () => [...desk.client.queue.keys()];
  desk.push({ event: { summary: waits('c4', '9007199254740993') } });
  desk.push({ event: { summary: waits('c1', '9') } });
  assert.deepEqual(order(), ['c1', 'c2', 'c3', 'c4'], 'by number, not as text');
  desk.push({ event: { summary: waits('c2', '20') } }); // the visitor wrote again
  assert.deepEqual(order(), ['c1', 'c2', 'c3', 'c4']);
  desk.push({ event: { summary: waits('c1', '200') } }); // it was inactive for long
  assert.deepEqual(order(), ['c2', 'c3', 'c1', 'c4']);
  desk.client.end();
});

test('what goes to another is not kept', async () => {
  const summary = { conversationId: 'c1', agent: { id: 'anna' }, lastSeq: 0 };
  const desk = await enterDesk({ conversations: [summary] });
  assert.equal(desk.client.summaries.size, 1);
  desk.push({ event: { summary: { ...summary, agent: { id: 'ben' } } } });
  assert.equal(desk.client.summaries.size, 0);
  desk.client.end();
});

const typed = ({ said }) => said.filter(({ typing }) => typing).map(({ typing }) => typing.draft);

test('K9 a draft leaves the page only where the welcome says that agents are shown it', () =>
  onAClock(async later => {
    const visitor = await enterDesk();
    visitor.client.showTyping('c1', 'I would li');
    later(2_000);
    visitor.client.showTyping('c1', 'I would like');
    visitor.client.showTyping('c1', 'I would like a');
    later(2_000);
    assert.deepEqual(typed(visitor), [undefined, undefined]);
    assert.ok(!JSON.stringify(visitor.said).includes('would'));
    visitor.client.end();
  }));

test('K9 of a draft the newest words are told, at most once in two seconds, and none after it is sent', () =>
  onAClock(async later => {
    const visitor = await enterDesk({ draftPreview: true });
    for (const draft of ['a', 'ab', 'abc']) visitor.client.showTyping('c1', draft);
    assert.deepEqual(typed(visitor), ['a']);
    later(2_000);
    assert.deepEqual(typed(visitor), ['a', 'abc']);
    visitor.client.showTyping('c1', '');
    later(2_000);
    assert.deepEqual(typed(visitor), ['a', 'abc', ''], 'what he took back is not shown on');
    visitor.client.showTyping('c1', 'said now');
    visitor.client.send('c1', 'text', 'said now');
    later(2_000);
    assert.deepEqual(typed(visitor), ['a', 'abc', '']);
    visitor.client.end();
  }));

test('K9 of a long draft the end is told, cut at a character', () => onAClock(async later => {
  const visitor = await enterDesk({ draftPreview: true });
  visitor.client.showTyping('c1', `${'x'.repeat(600)}end`);
  later(2_000);
  visitor.client.showTyping('c1', `${'é'.repeat(300)}!`);
  const [ascii, accents] = typed(visitor);
  assert.equal(ascii, `${'x'.repeat(509)}end`);
  assert.equal(accents, `${'é'.repeat(255)}!`);
  visitor.client.end();
}));

test('K9 a draft is shown with the typing, until it expires or its visitor writes', () =>
  onAClock(async later => {
    const desk = await enterDesk();
    const typing = { conversationId: 'c1', person: { id: 'vera', name: 'Vera' } };
    const shown = () => desk.client.typist('c1')?.draft;
    desk.push({ event: { typing: { ...typing, draft: 'I would li' } } });
    assert.equal(shown(), 'I would li');
    later(2_000);
    desk.push({ event: { typing } });
    assert.equal(shown(), '');
    desk.push({ event: { typing: { ...typing, draft: 'I would' } } });
    later(5_000);
    assert.equal(shown(), undefined);
    desk.push({ event: { typing: { ...typing, draft: 'I would' } } });
    desk.push({ event: { entry: { ...entry(1), conversationId: 'c1', author: { id: 'vera' } } } });
    assert.equal(shown(), undefined);
    desk.client.end();
  }));

test('a page whose network goes knows it at once, and is back as soon as there is one', () =>
  onAClock(async later => {
    const [network, { random }] = [new EventTarget(), Math];
    globalThis.addEventListener = (kind, listener) => network.addEventListener(kind, listener);
    Math.random = () => 0.999; // it waits as long as it may
    let isThere = true;
    globalThis.WebSocket = class {
      close() {}
    };
    const hello = async () => assert.ok(isThere);
    const connection = new Connection('ws://test', { hello, changed: () => {} });
    await connection.open();
    assert.equal(connection.state, 'connecting');
    isThere = false;
    network.dispatchEvent(new Event('offline'));
    assert.equal(connection.state, 'waiting');
    for (let tries = 0; tries < 8; ++tries) {
      later(20_000);
      await moment();
    }
    isThere = true;
    network.dispatchEvent(new Event('online'));
    later(500);
    await moment();
    assert.equal(connection.state, 'connecting');
    connection.close();
    Math.random = random;
    delete globalThis.addEventListener;
  }));
