// What the tests of the page share: the real program, a browser, and the hands of the people in it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

const binary = process.env.SWITCHBOARD_BINARY;
const script = fileURLToPath(new URL('../contract/server.py', import.meta.url));

// The program beside a database of its own; see tests/contract/server.py.
export class Server {
  static async start() {
    const server = new Server();
    server.process = spawn('/usr/bin/python3', [script, binary], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    server.lines = createInterface({ input: server.process.stdout })[Symbol.asyncIterator]();
    const { value } = await server.lines.next();
    assert.ok(value, 'the server did not start');
    server.origin = JSON.parse(value).origin;
    return server;
  }

  // kill, as at a power cut; start, which keeps the address.
  async tell(command) {
    this.process.stdin.write(`${command}\n`);
    assert.equal((await this.lines.next()).value, 'done');
  }

  async stop() {
    const ended = new Promise(done => this.process.once('exit', done));
    this.process.stdin.end();
    await ended;
  }
}

export function launch() {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    timeout: 120_000,
    args: [
      '--no-sandbox', // it would refuse to run as root
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-domain-reliability',
      '--disable-sync',
      '--no-first-run',
      '--no-pings',
    ],
  });
}

// The page as one looks at it. Whatever a policy forbade, or threw, is in `wrongs`.
export class Screen {
  wrongs = [];

  static async open(browser, origin) {
    const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
    const screen = new Screen();
    screen.page = await context.newPage();
    screen.page.setDefaultTimeout(60_000);
    screen.page.on('pageerror', error => screen.wrongs.push(String(error)));
    screen.page.on('dialog', dialog => {
      screen.wrongs.push(`a dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    screen.page.on('console', message => {
      if (message.text().includes('Content Security Policy')) screen.wrongs.push(message.text());
    });
    screen.agent = screen.page.locator('#agent');
    screen.visitor = screen.page.locator('#visitor');
    await screen.page.goto(`${origin}/`);
    return screen;
  }

  async logIn(login = 'anna@demo.example') {
    await this.agent.getByLabel('E-mail').fill(login);
    await this.agent.getByRole('button', { name: 'Log in' }).click();
    await this.agent.locator('.presence .green').waitFor();
  }

  async write(side, text) {
    await side.locator('textarea').fill(text);
    await side.locator('textarea').press('Enter');
  }

  async says(side, text) {
    await side.locator('.thread li').filter({ hasText: text }).first().waitFor();
  }

  async addVisitor(name) {
    await this.page.locator('#another input').fill(name);
    await this.page.getByRole('button', { name: 'Add' }).click();
    await this.visitor.getByText('Connected').waitFor();
  }

  // What people said, as it is on the screen.
  async texts(side) {
    return side.locator('.thread .bubble > p').allTextContents();
  }

  // Nothing waits to be sent any more.
  async isQuiet(side) {
    await side.locator('.bubble.sending').first().waitFor({ state: 'detached' });
  }
}
