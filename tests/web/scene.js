// What every room of tests has, by importing this: a browser, and for each test a server that was
// just set up and the pages that people open at it. A test fails by what goes wrong in a page, too.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach } from 'node:test';

import { launch, Screen, Server } from './harness.js';

const pictures = process.env.SWITCHBOARD_PICTURES;

export let server;

let browser;
let screens;

before(async () => {
  [browser, server] = await Promise.all([launch(), Server.prepare()]);
});

after(() => Promise.all([browser?.close(), server?.stop()]));

beforeEach(async () => {
  screens = [];
  await server.tell('renew');
});

afterEach(async () => {
  const wrongs = screens.flatMap(screen => screen.wrongs);
  const contexts = new Set(screens.map(screen => screen.context));
  await Promise.all([...contexts].map(context => context.close()));
  assert.deepEqual(wrongs, []);
});

export async function open(path, context) {
  const screen = await Screen.open(browser, `${server.origin}${path}`, context);
  screens.push(screen);
  return screen;
}

export async function openAgent(name = 'anna') {
  const agent = await open('/agent');
  await agent.logIn(`${name}@demo.example`);
  await agent.page.locator('.chip.green').first().waitFor();
  return agent;
}

export async function openManager() {
  const manager = await open('/manager');
  await manager.logIn('mia@demo.example');
  await manager.page.locator('.agent').first().waitFor();
  return manager;
}

export const openVisitor = name => open(`/visitor?name=${encodeURIComponent(name)}`);

export async function begin(agent, visitor) {
  await visitor.write('Do you have the blue lamp?');
  await agent.says('Do you have the blue lamp?');
  await visitor.says('Anna joined the conversation');
}

// All of them write, one after the other, so that they wait in this order where they have to.
export async function beginAll(agent, names) {
  const opened = await Promise.all(names.map(openVisitor));
  const visitors = Object.fromEntries(names.map((name, index) => [name, opened[index]]));
  for (const name of names) {
    await visitors[name].write(`${name} here`);
    await agent.page.locator('.box, .waiting').filter({ hasText: `${name} here` }).waitFor();
  }
  return visitors;
}

export async function picture(screen, name) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  await screen.page.screenshot({ path: join(pictures, `${name}.png`) });
}
