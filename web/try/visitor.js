import { Client } from './client.js';
import { button, Composer, element, setText, showConnection, Thread } from './view.js';

// A visitor of the site: starts a conversation, waits, talks, closes. His token lies where the page
// keeps things, and makes him the same person when he comes back.
export class Visitor {
  root = element('section', 'visitor');

  #client;
  #current = null; // the conversation on the screen
  #thread = new Thread();
  #connection = element('span', 'connection');
  #state = element('span', 'state');
  #composer;
  #close = button('quiet', 'Close conversation', () => this.#end());
  #again = button('quiet', 'Start another', () => this.#startAnother());

  // `key` is what his things are kept under; a new visitor is called `name`.
  constructor({ url, key, name }) {
    const tokenKey = `${key}.token`;
    this.#composer = new Composer({
      label: 'Message of the visitor',
      send: text => this.#write(text),
      typing: () => this.#isOpen() && this.#client.showTyping(this.#current),
    });
    const head = element('header', '', this.#state, this.#close, this.#again);
    this.root.append(head, this.#thread.root, this.#composer.root, this.#connection);
    this.#client = new Client({
      url,
      key,
      keepsClosed: true,
      credentials: () => ({ name, token: localStorage.getItem(tokenKey) ?? '' }),
      tokenRefused: () => localStorage.removeItem(tokenKey),
      welcomed: ({ token }) => token && localStorage.setItem(tokenKey, token),
      changed: () => this.#draw(),
    });
  }

  #write(text) {
    if (this.#isOpen()) this.#client.send(this.#current, 'text', text);
    else this.#client.start(text);
  }

  #end() {
    this.#client.closeConversation(this.#current);
  }

  #startAnother() {
    this.#client.forget(this.#current);
    this.#draw();
    this.#composer.focus();
  }

  #isClosed() {
    const { state } = this.#client.summaries.get(this.#current) ?? {};
    const last = this.#client.timeline(this.#current).entries.at(-1);
    return state === 'CONVERSATION_STATE_CLOSED' || last?.system?.code === 'closed';
  }

  #isOpen() {
    return this.#current !== null && !this.#isClosed();
  }

  // The open conversation, else the one that was.
  #choose() {
    const { summaries, timelines } = this.#client;
    const open = [...summaries.values()].find(({ state }) => state !== 'CONVERSATION_STATE_CLOSED');
    return open?.conversationId ?? [...timelines.keys()].at(-1) ?? null;
  }

  #words() {
    if (this.#current === null) return 'Chat with us';
    if (this.#isClosed()) return 'This conversation is closed';
    const { agent } = this.#client.summaries.get(this.#current) ?? {};
    return agent ? `You are talking with ${agent.name}` : 'An agent will be with you soon';
  }

  #draw() {
    if (!this.#client) return; // it connects while it is made
    this.#current = this.#choose();
    const isClosed = this.#current !== null && this.#isClosed();
    setText(this.#state, this.#words());
    this.#thread.draw(this.#client, this.#current ?? undefined);
    this.#close.hidden = !this.#isOpen();
    this.#again.hidden = !isClosed;
    const placeholder = this.#current === null ? 'How can we help?' : 'Write a message';
    this.#composer.enable(!isClosed, isClosed ? '' : placeholder);
    showConnection(this.#connection, this.#client.connection.state);
    if (this.#current && document.visibilityState === 'visible' && this.root.isConnected) {
      this.#client.reportSeen(this.#current);
    }
  }
}
