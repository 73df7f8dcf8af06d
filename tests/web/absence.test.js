// An agent who is not there, or not for a moment, as those see it who still are.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  begin, beginAll, open, openAgent, openManager, openVisitor, picture, server,
} from './scene.js';
import { Witness } from './witness.js';

const CONFIRM_MS = 5_000; // what a page has to say that it has a conversation

test('who reloads, is cut off or closes his page for a moment was never red', async () => {
  const agent = await openAgent();
  const visitor = await openVisitor('Vera');
  await begin(agent, visitor);
  const manager = await openManager();
  const seen = await Witness.of(manager, 'Anna');

  await agent.page.reload();
  await agent.says('Do you have the blue lamp?');

  await agent.loseNetwork();
  await agent.shows('Connection lost');
  await seen.until('green: available, reconnecting, 1 of 3');
  await picture(manager, 'reconnecting');
  await agent.findNetwork();
  await seen.until('green: available, 1 of 3');

  await agent.page.close();
  await seen.until('green: available, reconnecting, 1 of 3');
  const again = await open('/agent', agent.context);
  await again.write('I am here again');
  await visitor.says('I am here again');
  await seen.until('green: available, 1 of 3');
  assert.deepEqual(await seen.colours(), ['green']);
  assert.equal(await visitor.page.getByText('The agent lost the connection').count(), 0);
});

test('who stays away is red, and his conversations wait before those who came later', async () => {
  await server.changeSettings({ agent_grace_seconds: 1 });
  const agent = await openAgent();
  const names = ['Vera', 'Max', 'Noor', 'Léo']; // the last one waits already
  const visitors = await beginAll(agent, names);
  const manager = await openManager();
  const seen = await Witness.of(manager, 'Anna');

  await agent.page.close();
  await seen.until('red: not connected, 0 of 3');
  const waiting = manager.page.locator('.queue .waiting .name');
  await waiting.nth(names.length - 1).waitFor();
  assert.deepEqual(await waiting.allTextContents(), names);
  const shown = await seen.lines();
  assert.deepEqual(shown.slice(0, 2),
    ['orange: all slots taken, 3 of 3', 'orange: all slots taken, reconnecting, 3 of 3']);
  await picture(manager, 'gone');
  for (const [index, name] of names.entries()) {
    await visitors[name].shows(`You are number ${index + 1} in the queue`);
  }
  await visitors.Vera.says('The agent lost the connection; the conversation waits again');

  const other = await open('/agent');
  await other.logIn('ben@demo.example');
  for (const name of names.slice(0, 3)) await visitors[name].shows('You are talking with Ben');
  await visitors['Léo'].shows('You are number 1 in the queue');
});

test('of two pages one can be closed, and nobody sees a change', async () => {
  const agent = await openAgent();
  const tab = await open('/agent', agent.context);
  await tab.page.locator('.chip.green').first().waitFor();
  const manager = await openManager();
  const seen = await Witness.of(manager, 'Anna');
  await tab.page.close();
  const visitor = await openVisitor('Vera');
  await begin(agent, visitor);
  await agent.write('I am still here');
  await visitor.says('I am still here');
  await agent.page.getByText('Take a break').click();
  await agent.button('Lunch').click();
  await seen.until('red');
  assert.deepEqual(await seen.lines(), [
    'green: available, 0 of 3', 'green: available, 1 of 3', 'red: on a break: Lunch, 1 of 3',
  ]);
});

test('who is served by a page that is frozen is served by another agent after 5 s', async () => {
  const other = await openAgent('ben');
  const max = await openVisitor('Max'); // Ben has one more from here on
  await max.write('Max here');
  await other.says('Max here');
  const agent = await openAgent('anna');
  const visitor = await openVisitor('Vera');
  const manager = await openManager();
  const seen = await Witness.of(manager, 'Anna');
  const thaw = await agent.freeze();

  const began = Date.now();
  await visitor.write('Do you have the blue lamp?');
  await visitor.says('The agent did not answer; another one takes over');
  await visitor.says('Ben joined the conversation');
  await visitor.shows('You are talking with Ben');
  await other.page.locator('.box', { hasText: 'Do you have the blue lamp?' }).click();
  await other.write('Yes, three of them.');
  await visitor.says('Yes, three of them.');
  assert.equal(await visitor.page.getByText('Anna').count(), 0);
  const unresponsive = 'red: did not answer in time, 0 of 3';
  assert.deepEqual(await seen.lines(),
    ['green: available, 0 of 3', 'green: available, 1 of 3', unresponsive]);
  const took = await seen.timeOf(unresponsive) - began;
  assert.ok(took >= CONFIRM_MS, `after ${took} ms already`);
  await picture(manager, 'unresponsive');

  await thaw();
  await agent.shows('did not answer in time');
  await agent.shows('a new visitor was passed on');
  assert.equal(await agent.page.locator('.box').count(), 0);
  await picture(agent, 'unresponsive-agent');
  await agent.button('Back to work').click();
  await seen.until('green: available, 0 of 3');
  await agent.page.locator('.notice').waitFor({ state: 'hidden' });
});
