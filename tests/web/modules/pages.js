// What the pages leave behind when somebody goes, in as much of a document as that needs.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { watchOverSomebody } from '../../../web/pages/presence.js';
import { moment, onAClock } from './scripted.js';

test('nobody is watched over any more who is gone', () => onAClock(async later => {
  const page = new EventTarget();
  globalThis.addEventListener = page.addEventListener.bind(page);
  const said = [];
  const stop = watchOverSomebody(isAway => said.push(isAway));
  page.dispatchEvent(new Event('keydown'));
  later(300_000);
  assert.deepEqual(said, [false, false, true]);
  page.dispatchEvent(new Event('keydown'));
  stop();
  for (const sign of ['keydown', 'pointerdown', 'pointermove']) page.dispatchEvent(new Event(sign));
  later(300_000);
  assert.deepEqual(said, [false, false, true, false]);
  delete globalThis.addEventListener;
}));

test('who left leaves once: the form of the next one stays', async () => {
  const { fetch, setInterval } = globalThis;
  globalThis.location = new URL('http://test/agent');
  globalThis.document = {
    createElement: () => Object.assign(new EventTarget(), { append() {}, setAttribute() {} }),
  };
  globalThis.fetch = async () => ({ ok: true, json: async () => ({ agent: { role: 'agent' } }) });
  globalThis.setInterval = () => {};
  const { openDoor } = await import('../../../web/pages/door.js');
  const shown = [];
  const place = { replaceChildren: what => shown.push(what) };
  let leave;
  await openDoor({ place, path: '/agent', login: '', hint: '', show: way => {
    leave = way;
    return 'desk';
  } });
  await moment();
  for (let times = 0; times < 3; ++times) leave();
  assert.equal(shown.length, 2);
  assert.equal(shown[0], 'desk');
  Object.assign(globalThis, { fetch, setInterval });
  delete globalThis.location;
  delete globalThis.document;
});
