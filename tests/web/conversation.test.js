// The pages, played by people in a browser against the real program.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { launch, Screen, Server } from './harness.js';

const GRACE_MS = 30_000; // of an agent whose connection is lost, at the demo
const pictures = process.env.SWITCHBOARD_PICTURES;

let browser;
let server;
let screens;

before(async () => {
  browser = await launch();
});
after(() => browser?.close());

beforeEach(async () => {
  server = await Server.start();
  screens = [];
});

afterEach(async () => {
  const wrongs = screens.flatMap(screen => screen.wrongs);
  for (const context of new Set(screens.map(screen => screen.context))) await context.close();
  await server.stop();
  assert.deepEqual(wrongs, []);
});

async function open(path, context) {
  const screen = await Screen.open(browser, `${server.origin}${path}`, context);
  screens.push(screen);
  return screen;
}

async function openAgent(name = 'anna') {
  const agent = await open('/agent');
  await agent.logIn(`${name}@demo.example`);
  await agent.page.locator('.chip.green').first().waitFor();
  return agent;
}

async function openManager() {
  const manager = await open('/manager');
  await manager.logIn('mia@demo.example');
  await manager.page.locator('.agent').first().waitFor();
  return manager;
}

const openVisitor = name => open(`/visitor?name=${encodeURIComponent(name)}`);

async function begin(agent, visitor) {
  await visitor.write('Do you have the blue lamp?');
  await agent.says('Do you have the blue lamp?');
  await visitor.says('Anna joined the conversation');
}

async function picture(screen, name) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await screen.page.screenshot({ path: join(pictures, `${name}.png`) });
}

test('both sides talk until the agent closes, and the visitor says how it was', async () => {
  const agent = await openAgent();
  const visitor = await openVisitor('Vera');
  await visitor.shows('We are here.');
  await begin(agent, visitor);
  await visitor.shows('You are talking with Anna');

  await agent.page.locator('textarea').pressSequentially('Yes, ');
  await visitor.shows('Anna is typing…');
  await agent.write('Yes, three of them.');
  await visitor.says('Yes, three of them.');
  await agent.shows('Seen');
  await agent.page.getByLabel('Note for agents').check();
  await agent.write('He likes blue');
  await agent.page.locator('.bubble.note').waitFor();
  await agent.page.getByLabel('Link').check();
  await agent.write('https://shop.example/lamps');
  await visitor.page.locator('.bubble a[href="https://shop.example/lamps"]').waitFor();
  await visitor.write('Thank you');
  await agent.says('Thank you');
  const said = ['Do you have the blue lamp?', 'Yes, three of them.', 'https://shop.example/lamps',
    'Thank you'];
  assert.deepEqual(await visitor.texts(), said);
  await picture(agent, 'agent');
  await picture(visitor, 'visitor');

  await agent.button('Close').click();
  await visitor.says('The agent closed the conversation');
  await visitor.shows('This conversation is closed');
  await agent.page.getByLabel('Tags').fill('lamps, blue');
  await agent.button('Done').click();
  await agent.shows('Nobody needs you now.');
  await visitor.page.getByLabel('4: Good').check();
  await picture(visitor, 'rating');
  await visitor.button('Rate').click();
  await visitor.shows('Thank you!');
  await visitor.button('Start another').click();
  await visitor.write('One more question');
  await agent.says('One more question');
});

test('K9 the agent reads what the visitor is writing, as words alone, if the tenant allows it', async () => {
  const agent = await openAgent();
  const visitor = await openVisitor('Vera');
  await begin(agent, visitor);
  const draft = agent.page.locator('.thread .draft');
  await visitor.page.locator('textarea').pressSequentially('And');
  await agent.shows('Vera is typing…');
  assert.equal(await draft.textContent(), '');

  await server.changeSettings({ draft_preview: true });
  await visitor.page.reload(); // its next welcome says so
  await visitor.says('Do you have the blue lamp?');
  await visitor.page.locator('textarea').pressSequentially('<b>And the red one?</b>');
  await draft.filter({ hasText: '<b>And the red one?</b>' }).waitFor();
  assert.equal(await draft.locator('b').count(), 0);
  await picture(agent, 'draft');
  await visitor.page.locator('textarea').press('Enter');
  await agent.says('<b>And the red one?</b>');
  await draft.filter({ hasText: /^$/ }).waitFor({ state: 'attached' });
});

test('a reload continues where the conversation was', async () => {
  const agent = await openAgent();
  const visitor = await openVisitor('Vera');
  await begin(agent, visitor);
  await agent.write('Yes, three of them.');
  await visitor.says('Yes, three of them.');
  await visitor.page.reload();
  await agent.page.reload();
  await visitor.says('Yes, three of them.');
  await agent.says('Yes, three of them.');  // logged in still
  await visitor.write('I take one');
  await agent.says('I take one');
  const all = ['Do you have the blue lamp?', 'Yes, three of them.', 'I take one'];
  assert.deepEqual(await visitor.texts(), all);
  assert.deepEqual(await agent.texts(), all);

  await agent.button('Close').click();
  await visitor.shows('This conversation is closed');
  await visitor.page.reload();
  await visitor.shows('This conversation is closed');
  await visitor.says('I take one');
});

test('a server that is killed and comes back has lost and doubled nothing', async () => {
  const agent = await openAgent();
  const visitor = await openVisitor('Vera');
  await begin(agent, visitor);
  await agent.write('before the end');
  await visitor.says('before the end');
  await visitor.write('in the last moment');
  await server.tell('kill');
  await agent.shows('Connection lost');
  await visitor.shows('Connection lost');
  await visitor.write('while it was gone 1');
  await visitor.write('while it was gone 2');
  await visitor.page.locator('.bubble.sending').first().waitFor();
  await server.tell('start');

  await agent.says('while it was gone 2');
  await visitor.isQuiet();
  await agent.write('welcome back');
  await visitor.says('welcome back');
  const all = ['Do you have the blue lamp?', 'before the end', 'in the last moment',
    'while it was gone 1', 'while it was gone 2', 'welcome back'];
  assert.deepEqual(await visitor.texts(), all);
  assert.deepEqual(await agent.texts(), all);
});

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

test('a manager sees on each channel who is free, and how many wait there', async () => {
  const agent = await openAgent();
  const manager = await openManager();
  for (const name of ['Vera', 'Max', 'Noor', 'Léo']) {
    const visitor = await openVisitor(name);
    await visitor.write(`${name} here`);
    await agent.page.locator('.box, .waiting').filter({ hasText: `${name} here` }).waitFor();
  }
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

test('of several conversations the focused one has the room', async () => {
  const agent = await openAgent();
  for (const name of ['Vera', 'Max', 'Noor']) {
    const visitor = await openVisitor(name);
    for (const words of ['here', 'with a long question about my last order', 'and another one']) {
      await visitor.write(`${name} ${words}`);
    }
    await agent.says(`${name} and another one`);
  }
  const pane = name => agent.page.locator('.pane', { hasText: `${name} here` });
  const room = async name => {
    const { width, height } = await pane(name).boundingBox();
    return width * height;
  };
  assert.ok(await room('Vera') > 3 * await room('Max'));
  await picture(agent, 'panes');
  await pane('Max').locator('.thread').click();
  assert.ok(await room('Max') > 3 * await room('Vera'));
  await pane('Vera').getByText('Vera and another one').waitFor();
  const hidden = await pane('Vera').locator('.thread').evaluate(node =>
    node.scrollHeight - node.scrollTop - node.clientHeight);
  assert.ok(hidden < 8, `the last ${hidden} pixels are not to be seen`);
  await pane('Vera').getByLabel('Take off the screen').click();
  await pane('Vera').waitFor({ state: 'detached' });
  await pane('Max').locator('textarea').waitFor();
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

test('an inactive conversation gives its slot back until the visitor writes', async () => {
  const agent = await openAgent();
  const visitor = await openVisitor('Vera');
  await begin(agent, visitor);
  await agent.page.locator('.chip.green').getByText('1 of 3').waitFor();
  await agent.button('Set inactive').click();
  await agent.page.locator('.chip.green').getByText('0 of 3').first().waitFor();
  await agent.page.locator('.box.is-inactive').waitFor();
  await visitor.write('One more thing');
  await agent.says('One more thing');
  await agent.page.locator('.chip.green').getByText('1 of 3').waitFor();
});

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

test('what people write stays text', async () => {
  const agent = await openAgent();
  const manager = await openManager();
  const name = '<img src=x onerror=alert(1)>';
  const attacks = ['<script>alert(2)</script>', '"><svg onload=alert(3)>', 'javascript:alert(4)',
    '<a href="javascript:alert(5)">x</a>', '{{constructor.constructor("alert(6)")()}}'];
  const visitor = await openVisitor(name);
  for (const attack of attacks) {
    await visitor.write(attack);
    await agent.says(attack);
  }
  await agent.write(attacks[0]);
  await visitor.page.locator('.bubble.other').waitFor();
  assert.deepEqual(await agent.texts(), [...attacks, attacks[0]]);
  assert.equal(await agent.page.locator('.pane .name').textContent(), name);
  assert.equal(await agent.page.locator('.box .name').textContent(), name);

  await agent.page.getByText('Take a break').click();
  await agent.page.getByLabel('Why').fill('<img src=x onerror=alert(7)>');
  await agent.button('Go').click();
  await manager.shows('<img src=x onerror=alert(7)>');
  const second = await openVisitor(`${name}2`);
  await second.write(attacks[1]);
  await manager.page.locator('.waiting', { hasText: attacks[1] }).waitFor();
  for (const { page } of [agent, manager, visitor, second]) {
    assert.equal(await page.locator('main :is(img, script, svg, a, iframe)').count(), 0);
  }
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
