// The colours of agents, and who is served because of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { begin, beginAll, openAgent, openManager, openVisitor, picture } from './scene.js';
import { Witness } from './witness.js';

const GRACE_MS = 30_000; // of an agent whose connection is lost, at the demo

test('the last free slot turns the agent orange with the assignment itself', async () => {
  const agent = await openAgent();
  const visitors = {};
  for (const name of ['Vera', 'Max']) {
    visitors[name] = await openVisitor(name);
    await visitors[name].write(`${name} here`);
    await agent.says(`${name} here`);
  }
  // As soon as the third is on the screen the colour has changed: there is no moment between.
  const third = await openVisitor('Noor');
  const seen = agent.page.waitForFunction(() =>
    document.querySelectorAll('.box').length === 3 && document.querySelector('.chip').className);
  await third.write('Noor here');
  assert.equal(await (await seen).jsonValue(), 'chip orange');
  await agent.page.locator('.chip.orange').getByText('3 of 3').waitFor();

  const fourth = await openVisitor('Léo');
  await fourth.shows('You may have to wait.');
  await fourth.write('Léo here');
  await fourth.shows('You are number 1 in the queue');
  await agent.page.locator('.waiting', { hasText: 'Léo here' }).waitFor();
  await picture(fourth, 'waiting');

  await agent.page.locator('.box.red', { hasText: 'Noor' }).click();
  await agent.write('Hello Noor');
  await agent.page.locator('.box.red', { hasText: 'Max' }).click();
  await agent.page.locator('.box.grey', { hasText: 'Noor' }).waitFor();
  await picture(agent, 'bar');
  await agent.button('Close').click();
  await fourth.says('Anna joined the conversation');
  await agent.page.locator('.box', { hasText: 'Léo here' }).waitFor();
});

test('who closes a conversation has the next of the queue with it, or else is green with it', async () => {
  const agent = await openAgent();
  const visitors = await beginAll(agent, ['Vera', 'Max', 'Noor', 'Léo']);
  const manager = await openManager();
  const seen = await Witness.of(manager, 'Anna');
  const close = async name => {
    await agent.page.locator('.box', { hasText: `${name} here` }).click();
    await agent.button('Close').click();
    await visitors[name].says('The agent closed the conversation');
  };
  await close('Vera');
  await visitors['Léo'].says('Anna joined the conversation');
  await agent.page.locator('.box', { hasText: 'Léo here' }).waitFor();
  // As soon as he is green the conversation is gone: there is no moment between.
  const boxes = agent.page.waitForFunction(() => document.querySelector('.chip.green strong')
    ?.textContent === 'Chat' && String(document.querySelectorAll('.box').length));
  await close('Max');
  assert.equal(await (await boxes).jsonValue(), '2');
  await seen.until('green: available, 2 of 3');
  assert.deepEqual(await seen.lines(),
    ['orange: all slots taken, 3 of 3', 'green: available, 2 of 3'], 'he was never free between');
});

test('a manager sees on each channel who is free, and how many wait there', async () => {
  const agent = await openAgent();
  const manager = await openManager();
  await beginAll(agent, ['Vera', 'Max', 'Noor', 'Léo']);
  await manager.page.locator('.waiting', { hasText: 'Léo here' }).waitFor();
  const counts = channel => manager.page.getByRole('row', { name: new RegExp(`^${channel}`) })
    .getByRole('cell').allTextContents();
  assert.deepEqual(await counts('Chat'), ['0', '1', '2', '1'], 'Anna is busy, two are not there');
  assert.deepEqual(await counts('Messaging'), ['1', '0', '1', '0']);
  const anna = manager.page.locator('.agent', { hasText: 'Anna' });
  await anna.locator('.chip.orange', { hasText: 'Chat' }).waitFor();
  await anna.locator('.chip.green', { hasText: 'Messaging' }).waitFor();
  await picture(manager, 'channels');
});

test('a break turns the agent red, and what waits can still be taken by hand', async () => {
  const agent = await openAgent();
  const visitor = await openVisitor('Vera');
  await begin(agent, visitor);
  await agent.page.getByText('Take a break').click();
  await agent.button('Lunch').click();
  await agent.page.locator('.chip.red').first().getByText('on a break: Lunch').waitFor();
  await agent.write('I am still here');
  await visitor.says('I am still here');

  const second = await openVisitor('Max');
  await second.write('Anybody?');
  await second.shows('in the queue');
  await agent.button('Take').click();
  await second.says('Anna joined the conversation');
  await picture(agent, 'break');
  await agent.button('Back to work').click();
  await agent.page.locator('.chip.green').first().waitFor();
});

test('an agent who logs out is red at once, and not for the grace time the colour he had', async () => {
  const agent = await openAgent();
  const manager = await openManager();
  const anna = manager.page.locator('.agent', { hasText: 'Anna' });
  await anna.locator('.chip.green').first().waitFor();
  await agent.button('Log out').click();
  await agent.button('Log in').waitFor();
  const red = anna.locator('.chip.red', { hasText: 'not connected' }).first();
  await red.waitFor({ timeout: GRACE_MS / 3 });
});

test('a manager sees the colours change, takes agents off and puts them back', async () => {
  const agent = await openAgent();
  const manager = await openManager();
  const anna = manager.page.locator('.agent', { hasText: 'Anna' });
  await anna.locator('.chip.green').first().waitFor();
  await agent.page.getByText('Take a break').click();
  await agent.page.getByLabel('Why').fill('dentist');
  await agent.button('Go').click();
  await anna.locator('.chip.red').first().getByText('on a break: dentist').waitFor();
  await anna.getByRole('button', { name: 'Put back' }).click();
  await agent.page.locator('.chip.green').first().waitFor();
  await anna.getByText('Take off…').click();
  await anna.getByRole('button', { name: 'Meeting' }).click();
  await agent.page.locator('.chip.red').first().getByText('set by a manager: Meeting').waitFor();

  const visitor = await openVisitor('Vera');
  await visitor.write('Anybody?');
  await manager.page.locator('.waiting', { hasText: 'Anybody?' }).waitFor();
  await picture(manager, 'manager');
  await manager.button('Close').click();
  await picture(manager, 'close');
  await manager.button('Cancel').click();
  await manager.page.locator('.waiting', { hasText: 'Anybody?' }).waitFor();
  await manager.button('Close').click();
  await manager.button('Close it').click();
  await visitor.says('A manager closed the conversation');
  await manager.shows('Nobody waits.');
});
