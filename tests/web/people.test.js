// Who may come in where, who is kept out, and whose hands are on the keyboard alone.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { begin, open, openAgent, openManager, openVisitor, picture, server } from './scene.js';

test('two tabs of an agent show the same, and logging out ends both', async () => {
  const agent = await openAgent();
  const tab = await open('/agent', agent.context);
  await tab.page.locator('.chip.green').first().waitFor();
  const visitor = await openVisitor('Vera');
  await begin(agent, visitor);
  await tab.says('Do you have the blue lamp?');
  await tab.write('From the other tab');
  await agent.says('From the other tab');
  await visitor.says('From the other tab');
  await agent.button('Log out').click();
  await agent.button('Log in').waitFor();
  await tab.button('Log in').waitFor();
});

test('who is blocked sees an ordinary end, and is served again once a manager lifts it', async () => {
  const agent = await openAgent();
  const visitor = await openVisitor('Vera');
  await begin(agent, visitor);
  await agent.button('Block…').click();
  await agent.page.locator('dialog').getByLabel('Why').fill('<i>rude</i>');
  await picture(agent, 'block');
  await agent.button('Block').click();
  await visitor.says('The agent closed the conversation');
  assert.equal(await visitor.page.getByText('rude').count(), 0);
  await visitor.button('Start another').click();
  await visitor.write('Hello again');
  await visitor.shows('Nobody is free just now.');
  await picture(visitor, 'refused');

  const manager = await openManager();
  const block = manager.page.locator('.blocks .waiting', { hasText: '<i>rude</i>' });
  await block.getByText('by an agent').waitFor();
  await picture(manager, 'blocks');
  await manager.button('Lift').click();
  await manager.shows('Nobody is blocked.');
  await visitor.button('Try again').click();
  await agent.says('Hello again');
});

test('a visitor who is not known any more begins anew, with what he had not said yet', async () => {
  const agent = await openAgent();
  const visitor = await openVisitor('Vera');
  await begin(agent, visitor);
  await visitor.loseNetwork();
  await visitor.shows('Connection lost');
  await visitor.write('In blue, I mean.');
  await visitor.page.locator('.bubble.sending').waitFor();
  await visitor.page.evaluate(() => {
    const key = Object.keys(localStorage).find(each => each.endsWith('.token'));
    localStorage.setItem(key, 'v1.k1.AAAAAAAAAAE.bm90aGluZw');
  });
  await visitor.findNetwork();
  await visitor.says('Anna joined the conversation');
  await visitor.isQuiet();
  assert.deepEqual(await visitor.texts(), ['In blue, I mean.']);
  await agent.page.locator('.box', { hasText: 'In blue, I mean.' }).click();
  await agent.write('Who are you?');
  await visitor.says('Who are you?');
});

test('an agent needs nothing but the keyboard', async () => {
  const agent = await open('/agent');
  const { keyboard } = agent.page;
  await agent.tabTo(agent.page.getByLabel('Password'));
  await keyboard.press('Enter');
  await agent.page.locator('.chip.green').first().waitFor();
  const [vera, max] = [await openVisitor('Vera'), await openVisitor('Max')];
  await vera.write('Vera here');
  await agent.says('Vera here');
  await max.write('Max here');
  await agent.says('Max here');

  await agent.tabTo(agent.page.locator('.box', { hasText: 'Max here' }));
  await agent.hasVisibleFocus();
  await keyboard.press('Enter');
  await keyboard.type('Hello Max');
  await keyboard.press('Enter');
  await max.says('Hello Max');
  await agent.tabTo(agent.page.locator('.pane', { hasText: 'Vera here' }).locator('button.name'));
  await keyboard.press('Enter');
  await agent.tabTo(agent.page.locator('textarea:visible'));
  await agent.hasVisibleFocus();
  await keyboard.type('Hello Vera');
  await keyboard.press('Enter');
  await vera.says('Hello Vera');

  await agent.tabTo(agent.page.locator('summary'));
  await keyboard.press('Enter');
  await agent.tabTo(agent.button('Coffee'));
  await keyboard.press('Enter');
  await agent.page.locator('.chip.red').first().waitFor();
  await agent.tabTo(agent.button('Back to work'));
  await keyboard.press('Enter');
  await agent.page.locator('.chip.green').first().waitFor();
  await agent.tabTo(agent.button('Close'));
  await keyboard.press('Enter');
  await vera.says('The agent closed the conversation');
  const closed = agent.page.locator('.pane', { hasText: 'Vera here' });
  await agent.tabTo(closed.getByLabel('Tags'));
  await keyboard.type('tea');
  await keyboard.press('Enter');
  await closed.waitFor({ state: 'detached' });
});

test('a visitor needs nothing but the keyboard', async () => {
  const agent = await openAgent();
  const visitor = await open('/visitor');
  const { keyboard } = visitor.page;
  await visitor.shows('We are here.');
  await visitor.tabTo(visitor.page.getByLabel('Your name'));
  await keyboard.type('Vera');
  await keyboard.press('Tab');
  await keyboard.type('By hand');
  await keyboard.press('Enter');
  await agent.says('By hand');
  await agent.page.locator('.box .name', { hasText: 'Vera' }).waitFor();
  await visitor.says('Anna joined the conversation');
  await visitor.tabTo(visitor.button('Close'));
  await keyboard.press('Enter');
  await visitor.shows('This conversation is closed');
  await visitor.tabTo(visitor.page.getByLabel('1: Bad'));
  await keyboard.press('ArrowLeft');  // round to the best
  await keyboard.press('Enter');
  await visitor.shows('Thank you!');
});

test('a wrong password leaves an agent at the door', async () => {
  const agent = await open('/agent');
  await agent.page.getByLabel('Password').fill('guess');
  await agent.button('Log in').click();
  await agent.shows('The name or the password is wrong.');
  await agent.page.reload();
  await agent.button('Log in').waitFor();
});

test('whose page it is not is shown the way to his own', async () => {
  const screen = await open('/agent');
  for (const [login, name, own] of [['mia', 'Mia', 'manager'], ['anna', 'Anna', 'agent']]) {
    await screen.page.getByLabel('E-mail').fill(`${login}@demo.example`);
    await screen.button('Log in').click();
    await screen.shows(`You are logged in as ${name}, and this is not your page.`);
    await picture(screen, `not-for-${own}`);
    await screen.page.getByRole('link', { name: `Go to the ${own}’s page` }).click();
    await screen.page.locator('.connection.is-online').waitFor();
    await screen.page.goBack();
    await screen.shows(`You are logged in as ${name}, and this is not your page.`);
    await screen.button('Log out').click();
    await screen.page.goto(`${server.origin}/manager`);
  }
});

test('the start leads to the three pages', async () => {
  const start = await open('/');
  await picture(start, 'start');
  for (const name of ['Visitor', 'Agent', 'Manager']) {
    const opened = start.context.waitForEvent('page');
    await start.page.getByRole('link', { name: new RegExp(`^${name}`) }).click();
    const page = await opened;
    await page.waitForLoadState();
    assert.equal(await page.title(), `${name} · Switchboard`);
  }
});
