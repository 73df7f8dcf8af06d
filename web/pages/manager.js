import { DeskClient } from '../client/desk.js';
import { ticket } from '../client/login.js';
import { ask } from './composer.js';
import { button, drawList, elapsed, element, setText, timeOfDay } from './dom.js';
import { openDoor, socketUrl, tenant } from './door.js';
import { BreakMenu, chip, enabled, Problem } from './presence.js';
import { Queue } from './queue.js';
import { Tally } from './tally.js';
import { CONNECTIONS, presenceWords, refusalWords } from './words.js';

const BLOCKS_ASKED_MS = 10_000;
const BLOCKERS = {
  PERSON_KIND_AGENT: ', by an agent',
  PERSON_KIND_MANAGER: ', by a manager',
  PERSON_KIND_SITE: ', by the site',
};

const isAtWork = ({ presence }) =>
  enabled(presence).some(each => presenceWords(each).colour !== 'red');

// What a manager sees of his people: who is free, who waits, who is blocked, all of it live.
class Overview {
  root = element('div', 'overview');

  #client;
  #leave;
  #blocks = [];
  #name = element('strong', 'name');
  #connection = element('span', 'connection');
  #tally = new Tally();
  #agents = element('ol', 'agents');
  #menus = new Map(); // agent's id → his BreakMenu
  #blockList = element('ol', 'blocks');
  #nobody = element('p', 'hint', 'Nobody is blocked.');
  #problem = new Problem();
  #queue = new Queue({
    words: 'Close',
    run: summary => this.#close(summary),
  });

  constructor(leave) {
    this.#leave = leave;
    const out = button('quiet', 'Log out', () => this.#logOut());
    this.root.append(
      element('header', 'who', this.#name, this.#connection, out),
      element('div', 'columns',
        element('section', '', element('h2', '', 'Channels'), this.#tally.root,
          element('h2', '', 'Agents'), this.#agents),
        this.#queue.root,
        element('section', '', element('h2', '', 'Blocked'), this.#blockList, this.#nobody)),
      this.#problem.root);
    this.#client = new DeskClient({
      url: socketUrl(`tenants/${encodeURIComponent(tenant)}`),
      key: 'switchboard.manager',
      keepsClosed: false,
      kinds: ['note', 'system', 'link', 'block'],
      credentials: async () => ({ ticket: await ticket() }),
      tokenRefused: () => {},
      welcomed: () => this.#welcomed(),
      changed: () => this.#draw(),
    });
    const clock = setInterval(() => this.root.isConnected ? this.#draw() : stop(), 1000);
    const asking = setInterval(() => this.#askBlocks(), BLOCKS_ASKED_MS);
    const stop = () => [clock, asking].forEach(clearInterval);
  }

  #isWatching = false;

  #welcomed() {
    this.#askBlocks();
    if (this.#isWatching) return;
    this.#isWatching = true;
    this.#client.watch({ agents: true, queue: true })
      .catch(error => this.#problem.show(refusalWords(error)));
  }

  async #askBlocks() {
    this.#blocks = await this.#client.blocks().catch(() => this.#blocks);
    this.#draw();
  }

  async #attempt(promise) {
    try {
      await promise;
    } catch (error) {
      this.#problem.show(refusalWords(error));
    }
  }

  // Whoever was given to an agent while the question stood is his to close.
  async #close({ conversationId, visitor }) {
    const words = 'It waits for an agent. The visitor is told that a manager closed it.';
    const answer = await ask(`Close the conversation of ${visitor.name}?`, [element('p', '', words)],
      'Close it');
    if (!answer) return;
    if (this.#client.queue.has(conversationId)) this.#client.closeConversation(conversationId);
    else this.#problem.show('It does not wait any more.');
  }

  async #lift(blockId) {
    await this.#attempt(this.#client.liftBlock(blockId));
    this.#askBlocks();
  }

  async #logOut() {
    try {
      await this.#client.logOut();
      this.#leave();
    } catch {
      this.#problem.show('The server does not answer: you are still logged in.');
    }
  }

  #draw() {
    if (!this.#client) return; // it connects while it is made
    const { connection, self, agents, queue } = this.#client;
    if (connection.state === 'signed-out') return this.#leave();
    setText(this.#name, self?.name ?? '');
    setText(this.#connection, CONNECTIONS[connection.state]);
    this.#connection.classList.toggle('is-online', connection.state === 'online');
    const lines = [...agents.values()].sort((a, b) => isAtWork(b) - isAtWork(a)
      || a.agent.name.localeCompare(b.agent.name));
    this.#tally.draw(lines, [...queue.values()]);
    this.#drawAgents(lines);
    this.#queue.draw([...queue.values()], this.#client.now());
    this.#drawBlocks();
  }

  #drawAgents(lines) {
    drawList(this.#agents, lines, {
      key: ({ agent }) => agent.id,
      make: ({ agent }) => this.#makeAgent(agent),
      update: (item, { agent, presence }) => {
        const [name, chips] = item.children;
        setText(name, agent.name);
        chips.replaceChildren(...enabled(presence).map(chip));
        this.#menus.get(agent.id).draw(presence);
      },
    });
  }

  #makeAgent(agent) {
    const menu = new BreakMenu({
      title: 'Take off…',
      backTitle: 'Put back',
      set: wish => this.#attempt(this.#client.setPresence({ ...wish, agentId: agent.id })),
    });
    this.#menus.set(agent.id, menu);
    return element('li', 'agent', element('strong', 'name'), element('ul', 'chips'), menu.root);
  }

  #drawBlocks() {
    this.#nobody.hidden = this.#blocks.length > 0;
    drawList(this.#blockList, this.#blocks, {
      key: ({ blockId }) => blockId,
      make: ({ blockId }) => element('li', 'waiting', element('span', 'name'),
        element('span', 'since'), element('span', 'message'),
        button('quiet', 'Lift', () => this.#lift(blockId))),
      update: (item, { visitor, by, reason, at, expiresAt }) => {
        const left = Date.parse(expiresAt) - this.#client.now();
        const end = expiresAt ? `, ${elapsed(left)} left` : '';
        const [name, since, message] = item.children;
        setText(name, visitor.name);
        setText(since, `since ${timeOfDay(at)}${BLOCKERS[by?.kind] ?? ''}${end}`);
        setText(message, reason ?? '');
      },
    });
  }
}

openDoor({
  place: document.querySelector('main'),
  path: '/manager',
  login: 'mia@demo.example',
  hint: 'Managers of the demo: mia@demo.example, with the password switchboard-demo.',
  show: leave => new Overview(leave).root,
});
