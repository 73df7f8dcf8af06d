// Many conversations at a time: what is continued, and what is read.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { all, answer, comeBack, enterDesk, entry, last, moment, onAClock, refuse, seqs }
  from './scripted.js';

// Of `count` conversations the last one is the newest.
const conversations = (count, more = {}) => Array.from({ length: count }, (_, index) => ({
  conversationId: `c${index}`, agent: { id: 'anna' }, lastSeq: 1,
  lastMessageAt: new Date(Date.UTC(2026, 2, 1) + 1000 * index).toISOString(), ...more,
}));
const asked = page => all(page, 'read').map(({ read }) => read.conversationId);
const page = (...entries) => ({ entries: { entries } });
const arrives = (desk, conversationId, ...entries) => {
  for (const each of entries) {
    desk.push({ event: { entry: { ...each, conversationId, author: { id: 'vera' } } } });
  }
};
const TURN_MS = 250;

// Answers whatever is read with one entry, until nothing is read any more.
async function readAll(desk, later) {
  for (let answered = 0; answered < all(desk, 'read').length; later(TURN_MS), await moment()) {
    for (const frame of all(desk, 'read').slice(answered)) {
      ++answered;
      await answer(desk, frame, page(entry(1, 0)));
    }
  }
}

test('who has more conversations than a hello may name continues the newest and reads the others', () =>
  onAClock(async later => {
    const open = conversations(203);
    const desk = await enterDesk({ conversations: open });
    await readAll(desk, later);
    arrives(desk, 'c0', entry(2, 1));
    const reads = all(desk, 'read').length;
    await comeBack(desk, later, { conversations: open });
    const { positions } = last(desk, 'hello').hello.resume;
    assert.equal(positions.length, 200);
    assert.deepEqual(positions[0], { conversationId: 'c202', seq: 1 });
    assert.equal(positions[199].conversationId, 'c3');

    for (const frame of all(desk, 'read').slice(reads)) await answer(desk, frame, page());
    later(TURN_MS);
    await moment();
    assert.deepEqual(asked(desk).slice(reads), ['c2', 'c1', 'c0']);
    const { read } = last(desk, 'read');
    assert.equal(read.afterSeq, 2, 'from where it stopped');
    arrives(desk, 'c0', entry(4, 3)); // it is new, and 3 was missed
    assert.deepEqual(seqs(desk.client.timeline('c0')), [1, 2]);
    await answer(desk, last(desk, 'read'), page(entry(3, 2)));
    assert.deepEqual(seqs(desk.client.timeline('c0')), [1, 2, 3, 4]);
    desk.client.end();
  }));

test('after a reload, too, it is the newest that are continued', () => onAClock(async later => {
  const desk = await enterDesk({ conversations: conversations(203) });
  const { conversations: kept } = JSON.parse(sessionStorage.getItem('desk.session'));
  assert.deepEqual([kept[0], kept[202]], ['c202', 'c0']);
  later(0);
  desk.client.end();
}));

test('a desk with a hundred conversations reads a few at a time, the newest first', () =>
  onAClock(async later => {
    const desk = await enterDesk({ conversations: conversations(100) });
    assert.deepEqual(asked(desk), ['c99', 'c98']);
    const [first, second] = all(desk, 'read');
    await refuse(desk, first, 'rate_limited', 1_000);
    await refuse(desk, second, 'rate_limited', 1_000);
    later(TURN_MS);
    await moment();
    assert.equal(asked(desk).length, 2, 'they keep their turns');
    later(1_000 - TURN_MS);
    await moment();
    assert.deepEqual(asked(desk).slice(2), ['c99', 'c98']);
    for (const frame of all(desk, 'read').slice(2)) await answer(desk, frame, page(entry(1, 0)));
    assert.equal(asked(desk).length, 4, 'not sooner than the server likes');
    arrives(desk, 'c50', entry(1, 0));
    desk.push({ event: { summary: {
      ...conversations(51)[50], lastSeq: 3, lastMessageAt: '2026-03-02T09:00:00Z',
    } } });
    later(TURN_MS);
    await moment();
    assert.deepEqual(asked(desk).slice(4), ['c50', 'c97'], 'it became the newest');
    await readAll(desk, later);
    assert.equal(new Set(asked(desk)).size, 100);
    desk.client.end();
  }));

test('a long conversation is read page by page', () => onAClock(async later => {
  const desk = await enterDesk({ conversations: conversations(1) });
  await answer(desk, last(desk, 'read'), { entries: { entries: [entry(1, 0)], more: true } });
  assert.equal(last(desk, 'read').read.afterSeq, 1);
  await answer(desk, last(desk, 'read'), { entries: { entries: [entry(2, 1)], more: true } });
  later(TURN_MS);
  await moment();
  await answer(desk, last(desk, 'read'), page(entry(3, 2)));
  assert.deepEqual(seqs(desk.client.timeline('c0')), [1, 2, 3]);
  desk.client.end();
}));

test('what is forgotten while it is read stays forgotten', () => onAClock(async later => {
  const desk = await enterDesk({ conversations: conversations(3) });
  for (const { conversationId } of conversations(3)) desk.client.forget(conversationId);
  await answer(desk, last(desk, 'read'), page(entry(1, 0)));
  later(TURN_MS);
  await moment();
  assert.equal(desk.client.timelines.size, 0);
  assert.equal(asked(desk).length, 2, 'the third had no turn yet');
  desk.client.end();
}));

test('what begins anew while it is read is read from its beginning', () => onAClock(async later => {
  const desk = await enterDesk({ conversations: conversations(1) });
  await answer(desk, last(desk, 'read'), { entries: { entries: [entry(1, 0)], more: true } });
  desk.push({ event: { resync: {} } });
  await answer(desk, last(desk, 'read'), page(entry(2, 1)));
  later(TURN_MS);
  await moment();
  assert.equal(last(desk, 'read').read.afterSeq, 0);
  await answer(desk, last(desk, 'read'), page(entry(1, 0), entry(2, 1)));
  assert.deepEqual(seqs(desk.client.timeline('c0')), [1, 2]);
  desk.client.end();
}));
