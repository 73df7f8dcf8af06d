// What both sides draw with. Whatever a person wrote becomes a text node and never markup.
export function element(tag, className = '', ...children) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

export function button(className, text, onClick) {
  const made = element('button', className, text);
  made.type = 'button';
  made.addEventListener('click', onClick);
  return made;
}

export const timeOfDay = at =>
  new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

// "0:42", "12:05", "1 h 07"
export function elapsed(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const pad = number => String(number).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${pad(seconds % 60)}`;
  return `${Math.floor(seconds / 3600)} h ${pad(Math.floor(seconds / 60) % 60)}`;
}

// Text only where it differs, so that a screen that is redrawn every second stays selectable.
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const CONNECTION_WORDS = {
  new: 'Connecting…',
  connecting: 'Connecting…',
  online: 'Connected',
  waiting: 'Connection lost. Trying again…',
  ended: 'Disconnected',
  replaced: 'Continued in another tab',
  'signed-out': 'Logged out',
};

export function showConnection(node, state) {
  setText(node, CONNECTION_WORDS[state]);
  node.classList.toggle('is-online', state === 'online');
}

const SYSTEM_WORDS = {
  queued: () => 'Waiting for an agent',
  assigned: ({ name }) => `${name} joined the conversation`,
  closed: ({ by }) => (by ? `The ${by} closed the conversation` : 'The conversation was closed'),
};

function systemWords({ code, parameters = {} }) {
  return SYSTEM_WORDS[code]?.(parameters) ?? code;
}

// A conversation as a list of bubbles. Entries never change, so only new ones are drawn.
export class Thread {
  root = element('div', 'thread');

  #entries = this.root.appendChild(element('ol', 'entries'));
  #unsent = this.root.appendChild(element('ol', 'entries'));
  #typing = this.root.appendChild(element('p', 'typing'));
  #shown = null; // the timeline that is drawn
  #drawn = 0; // entries of it
  #receipts = []; // { seq, node } of the own messages, oldest first

  // Draws the conversation; without an id: the messages that have none yet.
  draw(client, conversationId) {
    const timeline = conversationId ? client.timeline(conversationId) : null;
    if (timeline !== this.#shown) this.#clear(timeline);
    const height = this.root.scrollHeight;
    const entries = timeline?.entries ?? [];
    for (const entry of entries.slice(this.#drawn)) this.#append(entry, client.self);
    this.#drawn = entries.length;
    this.#drawUnsent(client.unsent(conversationId));
    this.#drawReceipts(client.pointers.get(conversationId), client.self);
    const typist = client.typist(conversationId);
    setText(this.#typing, typist ? `${typist} is typing…` : '');
    if (this.root.scrollHeight !== height) this.root.scrollTop = this.root.scrollHeight;
  }

  #clear(timeline) {
    this.#shown = timeline;
    this.#drawn = 0;
    this.#receipts = [];
    this.#entries.replaceChildren();
  }

  #append(entry, self) {
    const { author, at, system, unsupported } = entry;
    if (system || unsupported) {
      const words = system ? systemWords(system) : unsupported.fallbackText;
      this.#entries.append(element('li', 'system', `${words} · ${timeOfDay(at)}`));
      return;
    }
    const isOwn = author.id === self?.id;
    const who = isOwn ? '' : `${author.name} · `;
    const about = element('span', 'about', who + timeOfDay(at));
    const bubble = this.#bubble(entry, isOwn);
    bubble.append(about);
    if (isOwn && !entry.agentsOnly) {
      const receipt = element('span', 'receipt');
      about.append(receipt);
      this.#receipts.push({ seq: entry.seq, node: receipt });
    }
    this.#entries.append(bubble);
  }

  #bubble({ text, note }, isOwn) {
    const bubble = element('li', `bubble ${isOwn ? 'own' : 'other'}`);
    if (note) bubble.classList.add('note');
    if (note) bubble.append(element('span', 'label', 'Note · the visitor does not see it'));
    bubble.append(element('p', '', (note ?? text).text));
    return bubble;
  }

  #drawUnsent(items) {
    const bubbles = items.map(item => {
      const bubble = this.#bubble(item.kind === 'note' ? { note: item } : { text: item }, true);
      bubble.classList.add(item.failed ? 'failed' : 'sending');
      const word = item.failed ? `Not sent: ${item.failed}` : 'Sending…';
      bubble.append(element('span', 'about', word));
      return bubble;
    });
    this.#unsent.replaceChildren(...bubbles);
  }

  // Only the newest message says how far it has come: the older ones have come further.
  #drawReceipts(pointers = new Map(), self) {
    const others = [...pointers.values()].filter(({ person }) => person.id !== self?.id);
    const seen = Math.max(0, ...others.map(pointer => pointer.seenSeq ?? 0));
    const delivered = Math.max(seen, ...others.map(pointer => pointer.deliveredSeq ?? 0));
    this.#receipts.forEach(({ seq, node }, index) => {
      const isNewest = index === this.#receipts.length - 1;
      const word = seq <= seen ? 'Seen' : seq <= delivered ? 'Delivered' : 'Sent';
      setText(node, isNewest ? ` · ${word}` : '');
    });
  }
}

// Where a person writes. Enter sends, Shift and Enter begin a new line.
export class Composer {
  root = element('form', 'composer');

  #text = this.root.appendChild(element('textarea'));
  #send = this.root.appendChild(element('button', 'primary', 'Send'));

  constructor({ label, send, typing }) {
    this.#text.rows = 2;
    this.#text.maxLength = 4096; // of at most four bytes: what a message may have
    this.#text.setAttribute('aria-label', label);
    this.#text.addEventListener('input', () => this.#text.value && typing());
    this.#text.addEventListener('keydown', event => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.root.requestSubmit();
    });
    this.root.addEventListener('submit', event => {
      event.preventDefault();
      const text = this.#text.value.trim();
      if (!text) return;
      this.#text.value = '';
      send(text);
    });
  }

  enable(isEnabled, placeholder) {
    this.#text.disabled = this.#send.disabled = !isEnabled;
    this.#text.placeholder = placeholder;
  }

  focus() {
    this.#text.focus();
  }
}
