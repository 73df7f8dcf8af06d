import { Client } from '../client/client.js';
import { Composer } from './composer.js';
import { button, element, field, setText } from './dom.js';
import { socketUrl } from './door.js';
import { Rating } from './rating.js';
import { Thread } from './thread.js';
import { closeWords, CONNECTIONS, waitWords } from './words.js';

const AVAILABILITY = {
  AVAILABILITY_YES: ['green', 'We are here. Somebody is free now.'],
  AVAILABILITY_QUEUE: ['orange', 'All of us are busy. You may have to wait.'],
  AVAILABILITY_NO: ['red', 'Nobody is here just now.'],
};

// A visitor of the site: starts a conversation, waits, talks, closes and says how it was. His token
// lies where the page keeps things, and makes him the same person when he comes back.
class Chat {
  root = element('section', 'chat');

  #client;
  #current = null; // the conversation on the screen
  #dot = element('i', 'dot');
  #state = element('span', 'state');
  #thread = new Thread();
  #refused = element('div', 'refused');
  #rating = element('div');
  #rated = null; // the conversation that #rating is about
  #name = field('input', { label: 'Your name', placeholder: 'Your name', maxLength: 50 });
  #composer;
  #connection = element('span', 'connection');
  #close = button('quiet', 'Close', () => this.#client.closeConversation(this.#current));
  #again = button('quiet', 'Start another', () => this.#startAnother());

  // `key` is what his things are kept under; `name` what he is called, if he said so already.
  constructor({ url, key, name }) {
    const [tokenKey, nameKey] = [`${key}.token`, `${key}.name`];
    this.#name.value = name ?? localStorage.getItem(nameKey) ?? '';
    this.#composer = new Composer({
      label: 'Your message',
      send: (kind, text) => this.#write(text, nameKey),
      typing: text => this.#isOpen() && this.#client.showTyping(this.#current, text),
    });
    this.root.append(
      element('header', '', this.#dot, this.#state, this.#close, this.#again),
      this.#thread.root, this.#refused, this.#rating, this.#name, this.#composer.root,
      this.#connection);
    this.#client = new Client({
      url,
      key,
      keepsClosed: true,
      kinds: ['system', 'link'],
      credentials: () => ({
        name: this.#name.value.trim(),
        token: localStorage.getItem(tokenKey) ?? '',
      }),
      tokenRefused: () => {
        localStorage.removeItem(tokenKey); // so that he comes back as a new visitor
        this.#client.beginAnew();
      },
      welcomed: ({ token }) => token && localStorage.setItem(tokenKey, token),
      changed: () => this.#draw(),
    });
  }

  // The name goes with the hello, so one that was given only now needs another.
  #write(text, nameKey) {
    if (this.#isOpen()) return this.#client.send(this.#current, 'text', text);
    const name = this.#name.value.trim();
    const isNew = name && localStorage.getItem(nameKey) !== name;
    if (isNew) {
      localStorage.setItem(nameKey, name);
      this.#client.connection.reopen();
    }
    this.#client.start(text);
  }

  #startAnother() {
    this.#client.forget(this.#current);
    this.#draw();
    this.#composer.focus();
  }

  #summary() {
    return this.#client.summaries.get(this.#current);
  }

  #isClosed() {
    const last = this.#client.timeline(this.#current).entries.at(-1);
    return this.#summary()?.state === 'CONVERSATION_STATE_CLOSED' || last?.system?.code === 'closed';
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

  // The colour and the words of what a visitor wants to know.
  #words() {
    if (this.#current === null) {
      const expected = AVAILABILITY[this.#client.availability.get('CHANNEL_CHAT')];
      return expected ?? ['grey', 'Chat with us'];
    }
    const { agent, closeReason, patient, state } = this.#summary() ?? {};
    if (this.#isClosed()) return ['grey', `This conversation is ${closeWords(closeReason)}`];
    if (agent) return ['green', `You are talking with ${agent.name}`];
    if (patient) return ['grey', 'We have your message. The answer will be here.'];
    if (state !== 'CONVERSATION_STATE_QUEUED') return ['orange', 'Somebody will be with you at once'];
    const { position, expectedWaitSeconds } = this.#client.places.get(this.#current) ?? {};
    if (!position) return ['orange', 'Somebody will be with you soon'];
    const wait = expectedWaitSeconds === undefined ? '' : `, ${waitWords(expectedWaitSeconds)}`;
    return ['orange', `You are number ${position} in the queue${wait}`];
  }

  #draw() {
    if (!this.#client) return; // it connects while it is made
    this.#current = this.#choose();
    const isClosed = this.#current !== null && this.#isClosed();
    const [colour, words] = this.#words();
    this.#dot.className = `dot ${colour}`;
    setText(this.#state, words);
    this.#thread.draw(this.#client, this.#current ?? undefined);
    this.#close.hidden = !this.#isOpen();
    this.#again.hidden = !isClosed;
    this.#drawRefused();
    this.#drawRating(isClosed);
    this.#name.hidden = this.#current !== null;
    this.#composer.root.hidden = isClosed;
    this.#composer.enable(!isClosed, this.#current === null ? 'How can we help?' : 'Write a message');
    setText(this.#connection, CONNECTIONS[this.#client.connection.state]);
    this.#connection.classList.toggle('is-online', this.#client.connection.state === 'online');
    if (this.#current && document.visibilityState === 'visible') {
      this.#client.reportSeen(this.#current);
    }
  }

  // Nobody could be had: the same words may wait as a message, or be tried again.
  #drawRefused() {
    const refused = this.#client.unsent(undefined).find(({ failed }) => failed === 'nobody_available');
    if (this.#refused.hidden === !refused) return;
    this.#refused.hidden = !refused;
    if (!refused) return this.#refused.replaceChildren();
    const leave = () => this.#client.retry(refused, { channel: 'CHANNEL_MESSAGING' });
    this.#refused.replaceChildren(
      element('p', '', 'Nobody is free just now.'),
      button('primary', 'Leave it as a message', leave),
      button('quiet', 'Try again', () => this.#client.retry(refused)));
  }

  #drawRating(isClosed) {
    this.#rating.hidden = !isClosed;
    if (!isClosed || this.#rated === this.#current) return;
    const id = this.#rated = this.#current;
    const rating = new Rating((stars, comment) => this.#client.rate(id, stars, comment));
    this.#rating.replaceChildren(rating.root);
  }
}

// Another site's key, and another visitor, can be given in the address: /visitor?site=shop&name=Max
const query = new URLSearchParams(location.search);
const site = query.get('site') ?? 'demo';
const name = query.get('name');
const chat = new Chat({
  url: socketUrl(`sites/${encodeURIComponent(site)}`),
  key: `switchboard.visitor.${site}.${name ?? ''}`,
  name,
});
document.querySelector('main').append(chat.root);
