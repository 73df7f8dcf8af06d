// Conversations as both sides see them.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { begin, openAgent, openManager, openVisitor, picture, server } from './scene.js';

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
