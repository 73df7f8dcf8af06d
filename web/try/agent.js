import { Bar } from './bar.js';
import { Client } from './client.js';
import { logIn, LoginFailed, logOut, session, ticket } from './login.js';
import { button, Composer, element, setText, showConnection, Thread, timeOfDay } from './view.js';

// A login ends after half an hour without a request, and an open socket is none.
const SESSION_ASKED_MS = 10 * 60_000;

const STATUS = {
  STATUS_AVAILABLE: ['green', 'available'],
  STATUS_BUSY: ['orange', 'busy'],
  STATUS_UNAVAILABLE: ['red', 'not available'],
};

const CHANNEL = {
  CHANNEL_CHAT: 'Chat',
  CHANNEL_CALL: 'Call',
  CHANNEL_VIDEO: 'Video',
  CHANNEL_MESSAGING: 'Messaging',
};

// The agent's place: first the door, then the desk.
export class Agent {
  root = element('section', 'agent');

  #url;
  #tenant;
  #form;

  constructor({ url, tenant, loginForm }) {
    this.#url = url;
    this.#tenant = tenant;
    this.#form = loginForm;
    loginForm.addEventListener('submit', event => {
      event.preventDefault();
      this.#logIn();
    });
    this.#enter();
  }

  async #enter() {
    const agent = await session().catch(() => null);
    if (agent) this.#showDesk();
    else this.#showDoor();
  }

  #showDoor() {
    this.root.replaceChildren(this.#form);
  }

  #showDesk() {
    const desk = new Desk(this.#url, () => this.#showDoor());
    this.root.replaceChildren(desk.root);
  }

  async #logIn() {
    const problem = this.#form.querySelector('.problem');
    const { login, password } = this.#form.elements;
    problem.textContent = '';
    try {
      await logIn(this.#tenant, login.value, password.value);
      this.#showDesk();
    } catch (error) {
      problem.textContent =
        error instanceof LoginFailed ? error.message : 'The server does not answer.';
    }
  }
}

// Presence above, the conversation on the screen, the bar of all of them below.
class Desk {
  root = element('div', 'desk');

  #client;
  #leave;
  #current = null;
  #name = element('strong', 'name');
  #presence = element('ul', 'presence');
  #connection = element('span', 'connection');
  #title = element('span', 'state');
  #since = element('span', 'since');
  #close = button('quiet', 'Close conversation', () => this.#end());
  #isNote = element('input');
  #thread = new Thread();
  #composer;
  #talk;
  #empty = element('p', 'empty', 'Nobody needs you now. Write as the visitor on the right.');
  #bar = new Bar(id => this.#open(id));

  constructor(url, leave) {
    this.#leave = leave;
    this.#composer = new Composer({
      label: 'Message of the agent',
      send: text => this.#client.send(this.#current, this.#isNote.checked ? 'note' : 'text', text),
      typing: () => this.#isNote.checked || this.#client.showTyping(this.#current),
    });
    this.#layOut();
    this.#client = new Client({
      url,
      key: 'switchboard.agent',
      keepsClosed: false,
      credentials: async () => ({ ticket: await ticket() }),
      tokenRefused: () => {}, // the next hello brings another
      welcomed: () => {},
      changed: () => this.#draw(),
    });
    const asking = setInterval(() => session().catch(() => {}), SESSION_ASKED_MS);
    const clock = setInterval(() => {
      if (this.root.isConnected) return this.#drawBar();
      clearInterval(asking);
      clearInterval(clock);
    }, 1000);
  }

  #layOut() {
    this.#isNote.type = 'checkbox';
    this.#isNote.addEventListener('change', () => this.#draw());
    const note = element('label', 'as-note', this.#isNote, 'Note for agents');
    const leave = button('quiet', 'Log out', () => this.#logOut());
    const who = element('header', 'who', this.#name, this.#presence, this.#connection, leave);
    const head = element('header', '', this.#title, this.#since, this.#close);
    this.#talk = element('div', 'talk', head, this.#thread.root, this.#composer.root, note);
    this.root.append(who, this.#talk, this.#empty, this.#bar.root);
  }

  async #logOut() {
    this.#client.end();
    await logOut();
    this.#leave();
  }

  #end() {
    this.#client.closeConversation(this.#current);
  }

  #open(id) {
    this.#current = id;
    this.#draw();
    this.#composer.focus();
  }

  #isClosed(id) {
    return this.#client.summaries.get(id)?.state === 'CONVERSATION_STATE_CLOSED';
  }

  // One that was closed stays until another is opened, so that its end can be read.
  #choose() {
    const { summaries } = this.#client;
    for (const id of summaries.keys()) {
      if (id !== this.#current && this.#isClosed(id)) this.#client.forget(id);
    }
    if (!summaries.has(this.#current)) this.#current = summaries.keys().next().value ?? null;
  }

  #draw() {
    if (!this.#client) return; // it connects while it is made
    const { connection, self } = this.#client;
    if (connection.state === 'signed-out') return this.#leave();
    this.#choose();
    setText(this.#name, self?.name ?? '');
    showConnection(this.#connection, connection.state);
    this.#drawPresence();
    this.#talk.hidden = this.#current === null;
    this.#empty.hidden = this.#current !== null;
    if (this.#current !== null) this.#drawTalk();
    this.#drawBar();
  }

  #drawTalk() {
    const { visitor, openedAt } = this.#client.summaries.get(this.#current);
    const isClosed = this.#isClosed(this.#current);
    setText(this.#title, visitor.name);
    setText(this.#since, isClosed ? 'closed' : `since ${timeOfDay(openedAt)}`);
    this.#close.hidden = isClosed;
    this.#thread.draw(this.#client, this.#current);
    this.#composer.root.classList.toggle('is-note', this.#isNote.checked);
    const whom = this.#isNote.checked ? 'Write a note for agents' : `Write to ${visitor.name}`;
    this.#composer.enable(!isClosed, isClosed ? 'This conversation is closed' : whom);
    if (document.visibilityState === 'visible') this.#client.reportSeen(this.#current);
  }

  #drawPresence() {
    const items = this.#client.presence.filter(({ enabled }) => enabled).map(presence => {
      const { channel, status, slotsUsed = 0, slotsMax = 0 } = presence;
      const [colour, word] = STATUS[status];
      const text = `${CHANNEL[channel]}: ${word}, ${slotsUsed} of ${slotsMax}`;
      return element('li', colour, element('i', 'dot'), text);
    });
    this.#presence.replaceChildren(...items);
  }

  #drawBar() {
    const open = [...this.#client.summaries.values()].filter(
      ({ conversationId }) => !this.#isClosed(conversationId));
    this.#bar.draw(open, this.#current, this.#client.now());
  }
}
