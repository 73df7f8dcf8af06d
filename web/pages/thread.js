import { element, setText, timeOfDay } from './dom.js';
import { refusalWords, systemWords } from './words.js';

const END_PIXELS = 8; // as good as the end

// A conversation as a list of bubbles. Entries never change, so only new ones are drawn.
export class Thread {
  root = element('div', 'thread');

  #entries = this.root.appendChild(element('ol', 'entries'));
  #unsent = this.root.appendChild(element('ol', 'entries'));
  #typing = this.root.appendChild(element('p', 'typing'));
  #draft = this.root.appendChild(element('p', 'draft')); // what he types, where that is shown
  #shown = null; // the timeline that is drawn
  #drawn = 0; // entries of it
  #isAtEnd = true; // as far as it is scrolled
  #receipts = []; // { seq, node } of the own messages, oldest first

  constructor() {
    this.root.tabIndex = 0; // so that the keyboard can scroll it
    this.root.setAttribute('role', 'log');
    this.root.setAttribute('aria-label', 'Messages');
    this.#draft.setAttribute('aria-live', 'off'); // it would be read out anew with every word
    this.root.addEventListener('scroll', () => {
      const { scrollHeight, scrollTop, clientHeight } = this.root;
      this.#isAtEnd = scrollHeight - scrollTop - clientHeight < END_PIXELS;
    });
    const keepEnd = () => this.#isAtEnd && (this.root.scrollTop = this.root.scrollHeight);
    new ResizeObserver(keepEnd).observe(this.root);
  }

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
    setText(this.#typing, typist ? `${typist.name} is typing…` : '');
    setText(this.#draft, typist?.draft ?? '');
    if (this.root.scrollHeight !== height) this.root.scrollTop = this.root.scrollHeight;
  }

  #clear(timeline) {
    this.#shown = timeline;
    this.#drawn = 0;
    this.#receipts = [];
    this.#entries.replaceChildren();
  }

  #append(entry, self) {
    const { author, at, system, block, unsupported } = entry;
    if (system || block || unsupported) {
      const words = system ? systemWords(system) : unsupported?.fallbackText ?? blockWords(entry);
      if (words) this.#entries.append(element('li', 'system', `${words} · ${timeOfDay(at)}`));
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

  #bubble({ text, note, link }, isOwn) {
    const bubble = element('li', `bubble ${isOwn ? 'own' : 'other'}`);
    if (note) bubble.classList.add('note');
    if (note) bubble.append(element('span', 'label', 'Note · the visitor does not see it'));
    bubble.append(element('p', '', link ? anchor(link.url) : (note ?? text).text));
    return bubble;
  }

  #drawUnsent(items) {
    const bubbles = items.map(item => {
      const body = item.kind === 'link' ? { link: { url: item.text } }
        : item.kind === 'note' ? { note: item } : { text: item };
      const bubble = this.#bubble(body, true);
      bubble.classList.add(item.failed ? 'failed' : 'sending');
      const word = item.failed ? `Not sent. ${refusalWords({ code: item.failed })}` : 'Sending…';
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

function blockWords({ author, block }) {
  const reason = block.parameters?.reason;
  return `${author.name} blocked the visitor${reason ? `: ${reason}` : ''}`;
}

// An address that may be opened, and nothing else that looks like one: the server lets only http and
// https through, and this page believes nobody.
function anchor(url) {
  const { protocol } = URL.canParse(url) ? new URL(url) : {};
  if (protocol !== 'https:' && protocol !== 'http:') return url;
  const made = element('a', '', url);
  made.href = url;
  made.target = '_blank';
  made.rel = 'noopener noreferrer';
  return made;
}
