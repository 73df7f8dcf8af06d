import { DeskClient } from '../client/desk.js';
import { ticket } from '../client/login.js';
import { Bar } from './bar.js';
import { button, element, setText } from './dom.js';
import { openDoor, socketUrl, tenant } from './door.js';
import { Pane } from './pane.js';
import { BreakMenu, chip, enabled, isUnresponsive, Problem, watchOverSomebody } from './presence.js';
import { Queue } from './queue.js';
import { CONNECTIONS, refusalWords } from './words.js';

const PANES_MAX = 4;

// The agent's desk: his colours above, who waits at the side, up to four conversations in the middle,
// and all of them in the bar below.
class Desk {
  root = element('div', 'desk');

  #client;
  #leave;
  #panes = []; // on the screen, in their order
  #focused = null; // the conversation that is written in
  #name = element('strong', 'name');
  #colours = element('ul', 'chips');
  #connection = element('span', 'connection');
  #problem = new Problem();
  #menu = new BreakMenu({
    title: 'Take a break',
    backTitle: 'Back to work',
    set: wish => this.#attempt(this.#client.setPresence(wish)),
  });
  #queue = new Queue({
    words: 'Take',
    run: ({ conversationId }) => this.#attempt(this.#take(conversationId)),
  });
  #passedOn = element('p', 'notice',
    'This page did not answer in time, so a new visitor was passed on. ',
    'You are given nobody else until you are back to work.');
  #screen = element('div', 'panes');
  #empty = element('p', 'empty', 'Nobody needs you now.');
  #bar = new Bar(id => this.#open(id));

  constructor(leave) {
    this.#leave = leave;
    const out = button('quiet', 'Log out', () => this.#logOut());
    this.#passedOn.setAttribute('role', 'status');
    this.#passedOn.hidden = true;
    this.root.append(
      element('header', 'who', this.#name, this.#colours, this.#menu.root, this.#connection, out),
      this.#passedOn,
      element('div', 'work', this.#queue.root,
        element('div', 'screen', this.#screen, this.#empty, this.#problem.root)),
      this.#bar.root);
    this.#client = new DeskClient({
      url: socketUrl(`tenants/${encodeURIComponent(tenant)}`),
      key: 'switchboard.agent',
      keepsClosed: false,
      kinds: ['note', 'system', 'link', 'block'],
      credentials: async () => ({ ticket: await ticket() }),
      tokenRefused: () => {}, // the next hello brings another
      welcomed: () => this.#watch(),
      changed: () => this.#draw(),
    });
    const stopWatching = watchOverSomebody(isAway => this.#client.setAway(isAway));
    const clock = setInterval(() => {
      if (this.root.isConnected) return this.#draw();
      clearInterval(clock);
      stopWatching();
    }, 1000);
  }

  #isWatching = false;

  #watch() {
    if (this.#isWatching) return;
    this.#isWatching = true;
    this.#client.watch({ agents: false, queue: true }).catch(() => {});
  }

  // What was taken by hand is what the agent wants to write in.
  async #take(id) {
    await this.#client.claim(id);
    if (this.#client.summaries.has(id)) this.#open(id);
  }

  async #attempt(promise) {
    try {
      return await promise;
    } catch (error) {
      this.#problem.show(refusalWords(error));
    }
  }

  async #logOut() {
    try {
      await this.#client.logOut();
      this.#leave();
    } catch {
      this.#problem.show('The server does not answer: you are still logged in.');
    }
  }

  // Chosen by the agent: it is put on the screen, if need be instead of another, and written in.
  #open(id) {
    if (!this.#panes.some(pane => pane.id === id)) {
      if (this.#panes.length === PANES_MAX) {
        this.#panes.splice(this.#panes.findIndex(pane => pane.id !== this.#focused), 1);
      }
      this.#add(id);
    }
    this.#focus(id);
    this.#panes.find(pane => pane.id === id)?.focus();
  }

  #add(id) {
    this.#panes.push(new Pane(this.#client, id, {
      focus: each => this.#focus(each),
      hide: each => this.#hide(each),
      attempt: promise => this.#attempt(promise),
    }));
  }

  #focus(id) {
    if (this.#focused === id) return;
    this.#focused = id;
    this.#draw();
  }

  #hidden = new Set(); // taken off the screen by the agent

  #hide(id) {
    const pane = this.#panes.find(each => each.id === id);
    if (pane?.isClosed) this.#client.forget(id);
    this.#hidden.add(id);
    this.#panes = this.#panes.filter(each => each !== pane);
    this.#draw();
  }

  // What ended is dropped, what is new is shown while there is room.
  #arrange() {
    const { summaries } = this.#client;
    this.#panes = this.#panes.filter(({ id }) => summaries.has(id));
    for (const [id, { state }] of summaries) {
      const isShown = this.#panes.some(pane => pane.id === id);
      const isClosed = state === 'CONVERSATION_STATE_CLOSED';
      if (isClosed && !isShown) this.#client.forget(id);
      if (isClosed || isShown || this.#hidden.has(id)) continue;
      if (this.#panes.length < PANES_MAX) this.#add(id);
    }
    for (const id of this.#hidden) if (!summaries.has(id)) this.#hidden.delete(id);
    if (!this.#panes.some(({ id }) => id === this.#focused)) {
      this.#focused = this.#panes[0]?.id ?? null;
    }
  }

  #draw() {
    if (!this.#client) return; // it connects while it is made
    const { connection, self, presence, queue, summaries } = this.#client;
    if (connection.state === 'signed-out') return this.#leave();
    this.#arrange();
    setText(this.#name, self?.name ?? '');
    setText(this.#connection, CONNECTIONS[connection.state]);
    this.#connection.classList.toggle('is-online', connection.state === 'online');
    this.#colours.replaceChildren(...enabled(presence).map(chip));
    this.#menu.draw(presence);
    this.#passedOn.hidden = !isUnresponsive(presence);
    this.#queue.draw([...queue.values()], this.#client.now());
    this.#drawPanes();
    const open = [...summaries.values()]
      .filter(({ state }) => state !== 'CONVERSATION_STATE_CLOSED');
    this.#bar.draw(open, {
      shown: this.#panes.map(({ id }) => id),
      focused: this.#focused,
      now: this.#client.now(),
    });
  }

  #drawPanes() {
    const nodes = this.#panes.map(({ root }) => root);
    for (const node of [...this.#screen.children]) if (!nodes.includes(node)) node.remove();
    for (const node of nodes) if (!node.isConnected) this.#screen.append(node);
    this.#screen.dataset.count = nodes.length;
    this.#screen.hidden = nodes.length === 0;
    this.#empty.hidden = nodes.length > 0;
    for (const pane of this.#panes) pane.draw(pane.id === this.#focused);
    const open = this.#panes.filter(({ isClosed }) => !isClosed).map(({ id }) => id);
    if (this.#client.self) {
      this.#client.view(open, open.includes(this.#focused) ? this.#focused : undefined);
    }
  }
}

openDoor({
  place: document.querySelector('main'),
  path: '/agent',
  login: 'anna@demo.example',
  hint: 'The demo has anna, ben and chloe @demo.example; the password of each is switchboard-demo.',
  show: leave => new Desk(leave).root,
});
