// What the tests of the pages share: the real program, a browser, and the hands of the people in it.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { chromium } from 'playwright-core';

const binary = process.env.SWITCHBOARD_BINARY;
const script = fileURLToPath(new URL('../contract/server.py', import.meta.url));

// The first, which ./test installs, is the same engine without a desktop's windows: it opens a page in
// half the time.
const browsers = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

// The program beside a database of its own; see tests/contract/server.py.
export class Server {
  // Nobody is served before the first `renew`.
  static async prepare() {
    const server = new Server();
    server.process = spawn('/usr/bin/python3', [script, binary], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    server.lines = createInterface({ input: server.process.stdout })[Symbol.asyncIterator]();
    const { value } = await server.lines.next();
    assert.ok(value, 'the server did not start');
    Object.assign(server, JSON.parse(value)); // origin, key
    return server;
  }

  // renew, which forgets all that happened; kill, as at a power cut; start. All keep the address.
  async tell(command) {
    this.process.stdin.write(`${command}\n`);
    assert.equal((await this.lines.next()).value, 'done');
  }

  async changeSettings(change) {
    const answer = await fetch(`${this.origin}/v1/settings`, {
      method: 'PATCH',
      headers: { 'Authorization': `Bearer ${this.key}`, 'Content-Type': 'application/json' },
      body: JSON.stringify(change),
    });
    assert.equal(answer.status, 200, await answer.text());
  }

  async stop() {
    const ended = new Promise(done => this.process.once('exit', done));
    this.process.stdin.end();
    await ended;
  }
}

export function launch() {
  return chromium.launch({
    executablePath: browsers.find(path => existsSync(path)),
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

// A page as one looks at it, in a browser of its own unless it shares another's. Whatever a policy
// forbade, or threw, is in `wrongs`.
export class Screen {
  wrongs = [];

  static async open(browser, address, context) {
    const screen = new Screen();
    screen.context = context ?? await browser.newContext({ viewport: { width: 1440, height: 900 } });
    screen.page = await screen.context.newPage();
    screen.page.setDefaultTimeout(60_000);
    screen.page.on('pageerror', error => screen.wrongs.push(String(error)));
    screen.page.on('dialog', dialog => {
      screen.wrongs.push(`a dialog: ${dialog.message()}`);
      dialog.dismiss();
    });
    screen.page.on('console', message => {
      if (message.text().includes('Content Security Policy')) screen.wrongs.push(message.text());
    });
    await screen.page.goto(address);
    return screen;
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  async logIn(login) {
    await this.page.getByLabel('E-mail').fill(login);
    await this.button('Log in').click();
    await this.page.locator('.connection.is-online').waitFor();
  }

  async write(text) {
    await this.page.locator('textarea:visible').fill(text);
    await this.page.locator('textarea:visible').press('Enter');
  }

  // Nothing comes in or goes out, and the browser knows it.
  async loseNetwork() {
    await this.context.setOffline(true);
  }

  async findNetwork() {
    await this.context.setOffline(false);
    await this.page.locator('.connection.is-online').waitFor();
  }

  // The page computes nothing any more, while its connections stay. Returns what ends that.
  async freeze() {
    const debug = await this.context.newCDPSession(this.page);
    const isFrozen = new Promise(done => debug.once('Debugger.paused', done));
    await debug.send('Debugger.enable');
    await debug.send('Debugger.pause');
    await isFrozen;
    return () => debug.send('Debugger.resume');
  }

  // Somewhere in a conversation this can be read.
  async says(text) {
    await this.page.locator('.thread li').filter({ hasText: text }).first().waitFor();
  }

  async shows(text) {
    await this.page.getByText(text).first().waitFor();
  }

  // What people said, as it is on the screen.
  async texts() {
    return this.page.locator('.thread .bubble > p').allTextContents();
  }

  // Nothing waits to be sent any more.
  async isQuiet() {
    await this.page.locator('.bubble.sending').first().waitFor({ state: 'detached' });
  }

  // Moves the keyboard's focus on until it is there.
  async tabTo(target) {
    await target.waitFor();
    for (let presses = 0; presses < 80; ++presses) {
      if (await target.evaluate(node => node === document.activeElement)) return;
      await this.page.keyboard.press('Tab');
    }
    assert.fail(`the keyboard cannot reach ${target}`);
  }

  // The focus can be seen: an outline that is neither thin nor of the ground's colour.
  async hasVisibleFocus() {
    const outline = await this.page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
      return { outlineStyle, width: parseFloat(outlineWidth) };
    });
    assert.equal(outline.outlineStyle, 'solid');
    assert.ok(outline.width >= 2, `an outline of ${outline.width} pixels`);
  }
}
