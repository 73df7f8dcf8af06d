// What was delivered and seen: told until the server has it, and never so much that it minds.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { all, comeBack, enterDesk, entry, last, moment, onAClock, refuse } from './scripted.js';

const told = page => all(page, 'report').map(({ report }) => report);
const arrives = (page, conversationId, seq) =>
  page.push({ event: { entry: { ...entry(seq, seq - 1), conversationId, author: { id: 'vera' } } } });
const ROUND_MS = 250;

test('a report that was refused is told again later, with what is so by then', () =>
  onAClock(async later => {
    const desk = await enterDesk();
    arrives(desk, 'c1', 1);
    later(ROUND_MS);
    await refuse(desk, last(desk, 'report'), 'rate_limited', 1_000);
    later(999);
    assert.equal(told(desk).length, 1);
    later(1);
    assert.equal(told(desk).length, 2);
    assert.deepEqual(told(desk)[1], told(desk)[0]);
    await refuse(desk, last(desk, 'report'), 'unavailable');
    arrives(desk, 'c1', 2);
    later(20_000);
    assert.deepEqual(told(desk).map(({ deliveredSeq }) => deliveredSeq), [1, 1, 2]);
    later(20_000);
    assert.equal(told(desk).length, 3, 'it was not refused');
    desk.client.end();
  }));

test('a report that no repetition will change is told once', () => onAClock(async later => {
  const desk = await enterDesk();
  arrives(desk, 'c1', 1);
  later(ROUND_MS);
  await refuse(desk, last(desk, 'report'), 'not_found');
  later(20_000);
  assert.equal(told(desk).length, 1);
  desk.client.end();
}));

test('of many reports two are told at a time, the newest first, and each once', () =>
  onAClock(async later => {
    const desk = await enterDesk();
    const ids = Array.from({ length: 9 }, (_, index) => `c${index}`);
    for (const id of ids) arrives(desk, id, 1);
    for (const most of [2, 4, 6, 8, 9, 9]) {
      later(ROUND_MS);
      assert.equal(told(desk).length, most);
    }
    assert.deepEqual(told(desk).map(({ conversationId }) => conversationId), ids.reverse());

    await comeBack(desk, later);
    assert.equal(told(desk).length, 9 + 2);
    arrives(desk, 'c3', 2);
    later(ROUND_MS);
    assert.equal(told(desk)[11].conversationId, 'c3');
    for (let rounds = 0; rounds < 9; ++rounds) later(ROUND_MS);
    assert.equal(told(desk).length, 9 + 9);
    await moment();
    desk.client.end();
  }));

test('a refusal is of the newest report of a conversation, or of none', () => onAClock(async later => {
  const desk = await enterDesk();
  arrives(desk, 'c1', 1);
  later(ROUND_MS);
  const first = last(desk, 'report');
  arrives(desk, 'c1', 2);
  later(ROUND_MS);
  await refuse(desk, first, 'unavailable');
  later(20_000);
  assert.deepEqual(told(desk).map(({ deliveredSeq }) => deliveredSeq), [1, 2]);
  desk.client.end();
}));
