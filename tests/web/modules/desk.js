// What an agent's page says of itself: of several things that cannot all be true, the newest.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { all, answer, comeBack, enterDesk, last, moment, onAClock, refuse } from './scripted.js';

const away = page => all(page, 'setAway').map(({ setAway }) => setAway.away);
const focused = page => all(page, 'view').map(({ view }) => view.focusedId);
const done = { done: {} };

test('who came back while his absence was refused is not away for good', () => onAClock(async later => {
  const desk = await enterDesk();
  desk.client.setAway(true);
  await refuse(desk, last(desk, 'setAway'), 'rate_limited', 1_000);
  desk.client.setAway(false);
  await moment();
  later(1_000);
  await moment();
  assert.deepEqual(away(desk), [true, false]);
  await answer(desk, last(desk, 'setAway'), done);
  later(20_000);
  await moment();
  assert.deepEqual(away(desk), [true, false]);
  desk.client.end();
}));

test('of what an agent looks at the newest is said, once the one before is answered', async () => {
  const desk = await enterDesk();
  for (const id of ['c1', 'c2', 'c3']) desk.client.view(['c1', 'c2', 'c3'], id);
  await moment();
  assert.deepEqual(focused(desk), ['c1']);
  await answer(desk, last(desk, 'view'), done);
  assert.deepEqual(focused(desk), ['c1', 'c3']);
  desk.client.view(['c1', 'c2', 'c3'], 'c2');
  desk.client.view(['c1', 'c2', 'c3'], 'c3'); // as it is on its way
  await answer(desk, last(desk, 'view'), done);
  assert.deepEqual(focused(desk), ['c1', 'c3']);
  desk.client.end();
});

test('a new connection is told what is so by then, if it is not what it takes for granted', () =>
  onAClock(async later => {
    const desk = await enterDesk();
    desk.client.setAway(true);
    desk.client.view(['c1'], 'c1');
    await moment();
    await comeBack(desk, later);
    assert.deepEqual([away(desk), focused(desk)], [[true, true], ['c1', 'c1']]);
    await refuse(desk, last(desk, 'setAway'), 'unavailable');
    desk.client.setAway(false);
    desk.client.view(['c1', 'c2'], 'c2');
    await comeBack(desk, later);
    later(20_000);
    await moment();
    assert.deepEqual([away(desk), focused(desk)], [[true, true], ['c1', 'c1', 'c2']]);
    desk.client.end();
  }));

test('what is refused for good is not said again, but what comes after it is', async () => {
  const desk = await enterDesk();
  const { warn } = console;
  console.warn = () => {};
  desk.client.view(['c1'], 'c1');
  await moment();
  await refuse(desk, last(desk, 'view'), 'invalid');
  desk.client.view(['c1'], 'c1');
  await moment();
  assert.deepEqual(focused(desk), ['c1']);
  desk.client.view(['c2'], 'c2');
  await moment();
  assert.deepEqual(focused(desk), ['c1', 'c2']);
  console.warn = warn;
  desk.client.end();
});

test('a break that was refused for a moment does not come after its end', () => onAClock(async later => {
  const desk = await enterDesk();
  const said = () => all(desk, 'setPresence').map(({ setPresence }) => setPresence.intent);
  const wishes = ['INTENT_UNAVAILABLE', 'INTENT_AVAILABLE'];
  const over = Promise.all(wishes.map(intent => desk.client.setPresence({ intent })));
  await moment();
  await refuse(desk, all(desk, 'setPresence')[0], 'rate_limited', 1_000);
  later(1_000);
  await moment();
  await answer(desk, last(desk, 'setPresence'), done);
  await answer(desk, last(desk, 'setPresence'), done);
  assert.deepEqual(said(), [wishes[0], wishes[0], wishes[1]]);
  await over;
  desk.client.end();
}));
