import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, test } from 'node:test';

import { launch, Screen, Server } from './harness.js';

const pictures = process.env.SWITCHBOARD_PICTURES;

let browser;
let server;
let screen;

before(async () => {
  browser = await launch();
});
after(() => browser?.close());

beforeEach(async () => {
  server = await Server.start();
  screen = await Screen.open(browser, server.origin);
  await screen.logIn();
});

afterEach(async () => {
  assert.deepEqual(screen.wrongs, []);
  await screen.page.context().close();
  await server.stop();
});

async function beginConversation() {
  await screen.write(screen.visitor, 'Do you have the blue lamp?');
  await screen.says(screen.agent, 'Do you have the blue lamp?');
  await screen.says(screen.visitor, 'Anna joined the conversation');
}

test('both sides talk until the agent closes', async () => {
  const { agent, visitor, page } = screen;
  await beginConversation();
  await visitor.getByText('You are talking with Anna').waitFor();

  await agent.locator('textarea').pressSequentially('Yes, ');
  await visitor.getByText('Anna is typing…').waitFor();
  await screen.write(agent, 'Yes, three of them.');
  await screen.says(visitor, 'Yes, three of them.');
  await agent.getByText('Seen').waitFor();

  await agent.getByLabel('Note for agents').check();
  await screen.write(agent, 'He likes blue');
  await agent.locator('.bubble.note').waitFor();
  await agent.getByLabel('Note for agents').uncheck();
  await screen.write(visitor, 'Thank you');
  await screen.says(agent, 'Thank you');
  assert.deepEqual(await screen.texts(visitor),
    ['Do you have the blue lamp?', 'Yes, three of them.', 'Thank you']);

  if (pictures) {
    mkdirSync(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, 'conversation.png') });
  }

  await agent.getByRole('button', { name: 'Close conversation' }).click();
  await screen.says(visitor, 'The agent closed the conversation');
  await visitor.getByText('This conversation is closed').waitFor();
  await agent.locator('.box').waitFor({ state: 'detached' });
  await visitor.getByRole('button', { name: 'Start another' }).click();
  await screen.write(visitor, 'One more question');
  await agent.locator('.box.red', { hasText: 'One more question' }).click();
  await screen.says(agent, 'One more question');
});

test('a reload continues where the conversation was', async () => {
  const { agent, visitor, page } = screen;
  await beginConversation();
  await screen.write(agent, 'Yes, three of them.');
  await screen.says(visitor, 'Yes, three of them.');
  await page.reload();
  await screen.says(visitor, 'Yes, three of them.');
  await agent.locator('.presence .green').waitFor();  // logged in still
  await screen.says(agent, 'Yes, three of them.');
  await screen.write(visitor, 'I take one');
  await screen.says(agent, 'I take one');
  const all = ['Do you have the blue lamp?', 'Yes, three of them.', 'I take one'];
  assert.deepEqual(await screen.texts(visitor), all);
  assert.deepEqual(await screen.texts(agent), all);

  await agent.getByRole('button', { name: 'Close conversation' }).click();
  await visitor.getByText('This conversation is closed').waitFor();
  await page.reload();
  await visitor.getByText('This conversation is closed').waitFor();
  await screen.says(visitor, 'I take one');
});

test('a server that is killed and comes back has lost and doubled nothing', async () => {
  const { agent, visitor } = screen;
  await beginConversation();
  await screen.write(agent, 'before the end');
  await screen.says(visitor, 'before the end');
  await screen.write(visitor, 'in the last moment');
  await server.tell('kill');
  await agent.getByText('Connection lost').waitFor();
  await visitor.getByText('Connection lost').waitFor();
  await screen.write(visitor, 'while it was gone 1');
  await screen.write(visitor, 'while it was gone 2');
  await visitor.locator('.bubble.sending').first().waitFor();
  await server.tell('start');

  await screen.says(agent, 'while it was gone 2');
  await screen.isQuiet(visitor);
  await screen.write(agent, 'welcome back');
  await screen.says(visitor, 'welcome back');
  const all = ['Do you have the blue lamp?', 'before the end', 'in the last moment',
    'while it was gone 1', 'while it was gone 2', 'welcome back'];
  assert.deepEqual(await screen.texts(visitor), all);
  assert.deepEqual(await screen.texts(agent), all);
});

test('the colours tell the agent what he can take and who waits', async () => {
  const { agent, visitor, page } = screen;
  await beginConversation();
  for (const name of ['Max', 'Noor', 'Léo']) {
    await screen.addVisitor(name);
    await screen.write(visitor, `${name} here`);
    await screen.says(visitor, `${name} here`);
  }
  await agent.locator('.presence .orange').getByText('3 of 3').waitFor();
  await screen.says(visitor, 'Waiting for an agent');  // the fourth
  await agent.locator('.box.green', { hasText: 'Vera' }).waitFor();
  await agent.locator('.box.red', { hasText: 'Noor' }).click();
  await screen.write(agent, 'Hello Noor');
  await agent.locator('.box.red', { hasText: 'Max' }).click();
  await agent.locator('.box.grey', { hasText: 'Noor' }).waitFor();
  if (pictures) await page.screenshot({ path: join(pictures, 'bar.png') });

  await agent.getByRole('button', { name: 'Close conversation' }).click();
  await screen.says(visitor, 'Anna joined the conversation');
  await agent.locator('.box.red', { hasText: 'Léo here' }).waitFor();
});

test('what people write stays text', async () => {
  const { agent, visitor, page } = screen;
  const name = '<img src=x onerror=alert(1)>';
  const attacks = ['<script>alert(2)</script>', '"><svg onload=alert(3)>', 'javascript:alert(4)',
    '<a href="javascript:alert(5)">x</a>', '{{constructor.constructor("alert(6)")()}}'];
  await screen.addVisitor(name);
  for (const attack of attacks) {
    await screen.write(visitor, attack);
    await screen.says(agent, attack);
  }
  await screen.write(agent, attacks[0]);
  await page.locator('#visitor .bubble.other').waitFor();
  assert.deepEqual(await screen.texts(agent), [...attacks, attacks[0]]);
  assert.equal(await agent.locator('.state').textContent(), name);
  assert.equal(await agent.locator('.box .name').textContent(), name);
  assert.equal(await page.locator('main :is(img, script, svg, a, iframe)').count(), 0);
});

test('a wrong password and a logout leave the agent at the door', async () => {
  const { agent } = screen;
  await agent.getByRole('button', { name: 'Log out' }).click();
  await agent.getByLabel('Password').fill('guess');
  await agent.getByRole('button', { name: 'Log in' }).click();
  await agent.getByText('The name or the password is wrong.').waitFor();
  await screen.page.reload();
  await agent.getByRole('button', { name: 'Log in' }).waitFor();
});
