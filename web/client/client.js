import { Connection, ConnectionLost } from './connection.js';
import { Outbox } from './outbox.js';
import { Reports } from './reports.js';
import { Timeline } from './timeline.js';
import { Turns } from './turns.js';
import { uuid7 } from './uuid7.js';

const TYPING_SHOWN_MS = 5_000;
const TYPING_TOLD_MS = 2_000;
const DRAFT_BYTES_MAX = 512;
const POSITIONS_MAX = 200; // in a hello; the server closes the connection of one that has more

// Pages of entries: 8 of the 20 commands that the server allows a second, so that a desk with hundreds
// of conversations is not sent away, and half of what it lets be unanswered at a time.
const READS = { max: 2, lastsMs: 250 };

// The end of a text that is too long, cut at a character.
function endOf(text, bytesMax) {
  const bytes = new TextEncoder().encode(text);
  let begin = Math.max(0, bytes.length - bytesMax);
  while ((bytes[begin] & 0xc0) === 0x80) ++begin; // inside of a character
  return new TextDecoder().decode(bytes.subarray(begin));
}

// A person as the page knows him: what the server said, kept up to date, and what is still to be
// told to it. Draw from the fields whenever `changed` is called. A visitor needs no more; agents and
// managers have a DeskClient.
export class Client {
  self = null; // { kind, id, name }
  summaries = new Map(); // the open conversations, and those closed while we looked
  timelines = new Map();
  pointers = new Map(); // conversation → person → how far he has come
  places = new Map(); // conversation that waits → { position, expectedWaitSeconds }
  availability = new Map(); // channel → what a visitor can expect there
  connection;
  outbox;

  #options;
  #session; // { sessionId, lineage, conversations }: what a resume needs, also after a reload
  #held = new Set(); // the conversations that the last hello asked to be continued
  #ahead = 0; // the server's clock minus ours, in ms
  #reading = new Set();
  #reads = new Turns(READS);
  #reports = new Reports((report, refused) => this.connection.tell({ report }, refused));
  #typing = new Map(); // conversation → { name, draft, until }
  #toldTyping = 0;
  #typingTimer = 0;
  #tellsDrafts = false; // agents are shown what a visitor writes, before he sends it

  // `options` has the url; key, under which things are kept; keepsClosed, whether a conversation that
  // is closed stays until forget(); kinds of entry that the page can show beside text;
  // credentials() → { token, name } or { ticket }; and to be told: welcomed(welcome),
  // tokenRefused(), changed().
  constructor(options) {
    this.#options = options;
    this.#session = JSON.parse(sessionStorage.getItem(`${options.key}.session`) ?? 'null');
    this.outbox = new Outbox(sessionStorage, `${options.key}.outbox`);
    this.connection = new Connection(options.url, {
      hello: () => this.#hello(),
      welcomed: welcome => {
        this.welcomed(welcome);
        options.changed();
      },
      happened: event => {
        this.happened(event);
        options.changed();
      },
      tokenRefused: () => {
        this.#session = null;
        options.tokenRefused();
      },
      changed: () => options.changed(),
    });
    this.connection.open();
  }

  // The time as the server has it.
  now() {
    return Date.now() + this.#ahead;
  }

  timeline(conversationId) {
    if (!this.timelines.has(conversationId)) this.timelines.set(conversationId, new Timeline());
    return this.timelines.get(conversationId);
  }

  start(text, channel = 'CHANNEL_CHAT') {
    this.#enqueue({ id: uuid7(this.now()), kind: 'start', channel, text });
  }

  // The same message once more, after a refusal; `changes` may give it another channel.
  retry(item, changes = {}) {
    this.outbox.retry(item, changes);
    this.#flush();
    this.changed();
  }

  // The visitor's opinion of it, 1 to 5.
  rate(conversationId, stars, comment) {
    return this.connection.ask({ rate: { conversationId, stars, comment } });
  }

  changed() {
    this.#options.changed();
  }

  send(conversationId, kind, text) {
    this.#enqueue({ id: uuid7(this.now()), kind, conversationId, text });
  }

  closeConversation(conversationId) {
    this.#enqueue({ id: uuid7(this.now()), kind: 'close', conversationId });
  }

  // Messages of a conversation that are not in its timeline yet; without one: the first ones.
  unsent(conversationId) {
    return this.outbox.items().filter(item =>
      item.kind !== 'close' && item.conversationId === conversationId);
  }

  // A visitor's `draft`, what he has written so far, leaves the page only where agents are shown it;
  // then its newest words are told as well, once there is time.
  showTyping(conversationId, draft) {
    clearTimeout(this.#typingTimer);
    if (draft === '' && !this.#tellsDrafts) return;
    const wait = this.#toldTyping + TYPING_TOLD_MS - Date.now();
    if (wait > 0) {
      const tell = () => this.showTyping(conversationId, draft);
      if (this.#tellsDrafts) this.#typingTimer = setTimeout(tell, wait);
      return;
    }
    this.#toldTyping = Date.now();
    const told = this.#tellsDrafts ? { draft: endOf(draft, DRAFT_BYTES_MAX) } : {};
    this.connection.tell({ typing: { conversationId, ...told } });
  }

  // Who types there now, and what, as far as it is shown; null: nobody.
  typist(conversationId) {
    const typing = this.#typing.get(conversationId);
    return typing && typing.until > Date.now() ? typing : null;
  }

  // All that has arrived was shown to the person.
  reportSeen(conversationId) {
    const { lastSeq } = this.timeline(conversationId);
    this.#reports.add(conversationId, { delivered: lastSeq, seen: lastSeq });
  }

  // Another conversation may begin: this one is not asked for any more.
  forget(conversationId) {
    for (const known of this.#known()) known.delete(conversationId);
    this.#reports.forget(conversationId);
    this.outbox.drop(item => item.conversationId === conversationId);
    this.#keepSession();
  }

  // The next welcome is another person's: of all this he has nothing but what he has not said yet.
  beginAnew() {
    for (const known of this.#known()) known.clear();
    this.#reports.forgetAll();
    clearTimeout(this.#typingTimer);
    this.self = this.#session = null;
    sessionStorage.removeItem(`${this.#options.key}.session`);
    this.outbox.beginAnew(() => uuid7(this.now()));
  }

  #known() {
    return [this.summaries, this.timelines, this.pointers, this.places, this.#typing];
  }

  end() {
    this.connection.close();
    sessionStorage.removeItem(`${this.#options.key}.session`);
    sessionStorage.removeItem(`${this.#options.key}.outbox`);
  }

  async #hello() {
    const hello = { kinds: this.#options.kinds, ...(await this.#options.credentials()) };
    // Those where somebody wrote last: most was missed there, and it is looked for first.
    this.#held = new Set(this.#session?.conversations.slice(0, POSITIONS_MAX));
    if (!this.#session) return hello;
    const { sessionId, lineage } = this.#session;
    const positions = [...this.#held].map(id => ({
      conversationId: id,
      seq: this.timelines.get(id)?.lastSeq ?? 0, // after a reload: everything again
    }));
    return { ...hello, resume: { sessionId, lineage, positions } };
  }

  // The three of them are for a subclass that knows more.
  welcomed(welcome) {
    this.#setClock(welcome.serverNow);
    const held = this.#held;
    this.self = welcome.self;
    this.#tellsDrafts = welcome.draftPreview ?? false;
    this.places = new Map((welcome.places ?? []).map(each => [each.conversationId, each]));
    for (const each of welcome.availability ?? []) this.#await(each);
    const open = new Map((welcome.conversations ?? []).map(each => [each.conversationId, each]));
    for (const [id, { state }] of this.summaries) {
      if (state !== 'CONVERSATION_STATE_CLOSED' && !open.has(id)) this.summaries.delete(id);
    }
    for (const [id, summary] of open) this.summaries.set(id, summary);
    for (const pointer of welcome.pointers ?? []) this.#point(pointer);
    this.#session = { sessionId: welcome.sessionId, lineage: welcome.lineage, conversations: [] };
    this.#keepSession(this.#options.keepsClosed ? held : []);
    this.#options.welcomed(welcome);
    // Those that we hold are pushed from where we stopped; the others are new to us.
    const { conversations } = this.#session;
    for (const id of conversations) if (open.has(id) && !held.has(id)) this.#read(id);
    this.#reports.tellAnew();
    this.#flush();
  }

  happened(event) {
    if (event.entry) this.#add(event.entry.conversationId, event.entry);
    else if (event.summary) this.summarize(event.summary);
    else if (event.pointer) this.#point(event.pointer);
    else if (event.typing) this.#type(event.typing);
    else if (event.queuePlace) this.places.set(event.queuePlace.conversationId, event.queuePlace);
    else if (event.availability) this.#await(event.availability);
    else if (event.heartbeat) this.#beat(event.heartbeat);
    else if (event.resync) this.#resync();
  }

  #add(id, entry) {
    const timeline = this.timeline(id);
    timeline.add(entry);
    if (timeline.hasGap) this.#read(id);
    this.#tidy(id);
    if (entry.author.id === this.#typing.get(id)?.person) this.#typing.delete(id);
    this.#reportDelivered(id);
  }

  summarize(summary) {
    this.summaries.set(summary.conversationId, summary);
    this.#keepSession();
    if (summary.state !== 'CONVERSATION_STATE_QUEUED') this.places.delete(summary.conversationId);
    if (summary.state === 'CONVERSATION_STATE_CLOSED') this.#typing.delete(summary.conversationId);
    if (summary.lastSeq > this.timeline(summary.conversationId).lastSeq) {
      this.#read(summary.conversationId);
    }
  }

  #await({ channel, availability }) {
    this.availability.set(channel, availability);
  }

  #point(pointer) {
    const { conversationId, person } = pointer;
    if (!this.pointers.has(conversationId)) this.pointers.set(conversationId, new Map());
    this.pointers.get(conversationId).set(person.id, pointer);
  }

  #type({ conversationId, person, draft = '' }) {
    this.#typing.set(conversationId, {
      name: person.name,
      draft,
      person: person.id,
      until: Date.now() + TYPING_SHOWN_MS,
    });
    setTimeout(() => this.#options.changed(), TYPING_SHOWN_MS);
  }

  // Tells what was lost without a trace: the last entries of a conversation have no successor.
  #beat({ serverNow, heads = [] }) {
    this.#setClock(serverNow);
    for (const { conversationId, seq } of heads) {
      if (seq > this.timeline(conversationId).lastSeq) this.#read(conversationId);
    }
  }

  #resync() {
    this.timelines.clear();
    this.#keepSession();
    for (const id of this.#session.conversations) this.#read(id);
  }

  // The newest conversations have their turn first: they are what somebody looks at.
  async #read(id) {
    this.timeline(id); // by which it is known that it is not forgotten
    if (this.#reading.has(id)) return;
    this.#reading.add(id);
    try {
      while (await this.#reads.take(() => this.#lastAt(id), () => this.#readPage(id))) ;
      this.#tidy(id);
      this.#reportDelivered(id);
    } catch (error) {
      // A lost connection begins anew with a welcome; what is refused is not ours any more.
      if (!(error instanceof ConnectionLost)) this.forget(id);
    } finally {
      this.#reading.delete(id);
      this.#options.changed();
    }
  }

  // Resolves with whether there is more. What is forgotten meanwhile stays forgotten, and what begins
  // anew is read from its beginning.
  async #readPage(id) {
    const timeline = this.timelines.get(id);
    if (!timeline) return false;
    const afterSeq = timeline.lastSeq;
    const { entries } = await this.connection.ask({ read: { conversationId: id, afterSeq } });
    if (this.timelines.get(id) !== timeline) return this.timelines.has(id);
    for (const entry of entries.entries ?? []) timeline.add(entry);
    return entries.more && timeline.lastSeq > afterSeq;
  }

  #enqueue(item) {
    clearTimeout(this.#typingTimer); // what was a draft is said now
    this.outbox.add(item);
    this.#flush();
    this.#options.changed();
  }

  #flush() {
    const ask = command => this.connection.ask(command);
    this.outbox.flush(ask, item => {
      if (item.conversationId) this.#tidy(item.conversationId);
      this.#options.changed();
    });
  }

  // A message that is in the timeline, or a close that was answered, is not in the outbox.
  #tidy(id) {
    const timeline = this.timelines.get(id);
    this.outbox.drop(({ id: message, kind, stored }) =>
      timeline?.has(message) || (kind === 'close' && stored));
  }

  #reportDelivered(id) {
    const delivered = this.timelines.get(id)?.lastSeq ?? 0;
    this.#reports.add(id, { delivered, seen: 0 });
  }

  #setClock(serverNow) {
    this.#ahead = Date.parse(serverNow) - Date.now();
  }

  // The newest conversations first.
  #keepSession(held = []) {
    if (!this.#session) return;
    this.#session.conversations = [...new Set([...held, ...this.summaries.keys()])]
      .sort((a, b) => this.#lastAt(b) - this.#lastAt(a));
    sessionStorage.setItem(`${this.#options.key}.session`, JSON.stringify(this.#session));
  }

  // When somebody wrote in it last, as far as that is known.
  #lastAt(id) {
    return Date.parse(this.summaries.get(id)?.lastMessageAt) || 0;
  }
}
