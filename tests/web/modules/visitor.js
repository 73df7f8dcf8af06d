// A visitor who is not known any more.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Outbox } from '../../../web/client/outbox.js';
import {
  all, answer, comeBack, enterVisitor, entry, last, memory, moment, onAClock, refuse,
} from './scripted.js';

test('whose token is refused begins as a new visitor, and what he had not said yet is said', () =>
  onAClock(async later => {
    const conversations = [{ conversationId: 'c1', state: 'CONVERSATION_STATE_ACTIVE' }];
    const options = { tokenRefused: () => client.beginAnew() };
    const visitor = await enterVisitor({ conversations, places: [{ conversationId: 'c1' }] }, options);
    const { client } = visitor;
    visitor.push({ event: { entry: { ...entry(1, 0), conversationId: 'c1', author: { id: 'anna' } } } });
    visitor.push({ event: { pointer: { conversationId: 'c1', person: { id: 'anna' } } } });
    client.reportSeen('c1');
    for (const text of ['In blue', 'please']) client.send('c1', 'text', text);
    await moment();
    const [said] = all(visitor, 'send');
    const reports = all(visitor, 'report').length;

    await comeBack(visitor, later, { self: { id: 'another' }, sessionId: 's2' }, 4500);
    assert.equal('resume' in last(visitor, 'hello').hello, false);
    for (const known of ['summaries', 'timelines', 'pointers', 'places']) {
      assert.equal(client[known].size, 0, known);
    }
    assert.deepEqual(client.unsent(undefined).map(({ text }) => text), ['In blue', 'please']);
    const { start } = last(visitor, 'start');
    assert.equal(start.text, 'In blue');
    assert.notEqual(start.clientMsgId, said.send.clientMsgId);
    await answer(visitor, last(visitor, 'start'), { stored: { conversationId: 'c2', seq: 1 } });
    await answer(visitor, last(visitor, 'start'), {
      error: { code: 'already_open', conversationId: 'c2' },
    });
    assert.equal(last(visitor, 'send').send.conversationId, 'c2');
    assert.equal(last(visitor, 'send').send.text.text, 'please');
    later(20_000);
    assert.equal(all(visitor, 'report').length, reports, 'nothing of the old conversation is told');
    client.end();
  }));

test('what is read when a token is refused does not come back', () => onAClock(async later => {
  const conversations = [{ conversationId: 'c1', state: 'CONVERSATION_STATE_ACTIVE', lastSeq: 1 }];
  const options = { tokenRefused: () => client.beginAnew() };
  const visitor = await enterVisitor({ conversations }, options);
  const { client } = visitor;
  await refuse(visitor, last(visitor, 'read'), 'unavailable');
  await comeBack(visitor, later, { self: { id: 'another' } }, 4500);
  later(20_000);
  await moment();
  assert.equal(client.timelines.size, 0);
  assert.equal(all(visitor, 'read').length, 1);
  client.end();
}));

test('of an outbox whose author is another person the words stay that were not refused', async () => {
  const storage = memory();
  const outbox = new Outbox(storage, 'outbox');
  const first = { kind: 'start', channel: 'CHANNEL_CHAT', text: 'first', failed: 'nobody_available' };
  outbox.add({ id: 'a', ...first });
  outbox.add({ id: 'b', kind: 'text', conversationId: 'c', text: 'there', stored: true });
  outbox.add({ id: 'c', kind: 'text', conversationId: 'c', text: 'refused', failed: 'invalid' });
  outbox.add({ id: 'd', kind: 'text', conversationId: 'c', text: 'not there' });
  outbox.add({ id: 'e', kind: 'close', conversationId: 'c' });
  let names = 0;
  outbox.beginAnew(() => `new ${++names}`);
  const left = new Outbox(storage, 'outbox').items();
  assert.deepEqual(left, [
    { id: 'new 1', ...first }, { id: 'new 2', kind: 'start', text: 'not there' },
  ]);
});
