import { button, element, field, setText } from './dom.js';
import { CHANNELS, presenceWords } from './words.js';

const BREAKS = ['Lunch', 'Coffee', 'Meeting'];

// The colour of an agent on a channel, with why, and how many of his slots are taken.
export function chip(presence) {
  const { channel, slotsUsed = 0, slotsMax = 0 } = presence;
  const { colour, word, why } = presenceWords(presence);
  const made = element('li', `chip ${colour}`,
    element('i', 'dot'),
    element('strong', '', CHANNELS[channel]),
    element('span', 'unseen', `${word}: `), // for who cannot see the colour
    element('span', 'why', why),
    element('span', 'slots', `${slotsUsed} of ${slotsMax}`));
  made.title = why;
  return made;
}

export const enabled = presence => [...presence.values()].filter(each => each.enabled);

// His page did not confirm in time what it was given, and he has not come back to work since.
export const isUnresponsive = presence =>
  enabled(presence).some(({ wish }) => wish?.cause === 'REASON_UNRESPONSIVE');

// Takes an agent off a channel or all of them, with a word why, and puts him back. For the agent
// himself, and for a manager who does it for him.
export class BreakMenu {
  root = element('div', 'break-menu');

  #menu = element('details', 'menu');
  #channel = field('select', { label: 'Channel' });
  #text = field('input', { label: 'Why', maxLength: 50, placeholder: 'Another reason' });
  #back;
  #offered = '';
  #set;

  // `set` is called with { intent, channel, text }.
  constructor({ title, backTitle, set }) {
    this.#set = set;
    this.#back = button('primary', backTitle, () => set({ intent: 'INTENT_AVAILABLE' }));
    const presets = BREAKS.map(text => button('quiet', text, () => this.#leave(text)));
    const form = element('form', 'panel', this.#channel, element('div', 'presets', ...presets),
      element('div', 'line', this.#text, element('button', 'quiet', 'Go')));
    form.addEventListener('submit', event => {
      event.preventDefault();
      this.#leave(this.#text.value.trim());
    });
    this.#menu.append(element('summary', '', title), form);
    this.#menu.addEventListener('keydown', event => event.key === 'Escape' && this.#close());
    this.root.append(this.#menu, this.#back);
  }

  draw(presence) {
    const channels = enabled(presence);
    this.#back.hidden = !channels.some(({ wish }) => wish?.intent === 'INTENT_UNAVAILABLE');
    const offered = channels.map(({ channel }) => channel).join();
    if (offered === this.#offered) return;
    this.#offered = offered;
    const options = channels.map(({ channel }) => new Option(CHANNELS[channel], channel));
    this.#channel.replaceChildren(new Option('All channels', ''), ...options);
  }

  #leave(text) {
    this.#set({
      intent: 'INTENT_UNAVAILABLE',
      channel: this.#channel.value || undefined,
      text,
    });
    this.#text.value = '';
    this.#close();
  }

  #close() {
    this.#menu.open = false;
    this.#menu.firstChild.focus();
  }
}

// How long the keyboard and the pointer may rest before the page says that nobody is there.
const AWAY_AFTER_MS = 5 * 60_000;

// Returns what ends it.
export function watchOverSomebody(setAway) {
  const ended = new AbortController();
  let timer = 0;
  const seen = () => {
    clearTimeout(timer);
    setAway(false);
    timer = setTimeout(() => setAway(true), AWAY_AFTER_MS);
  };
  for (const sign of ['keydown', 'pointerdown', 'pointermove']) {
    addEventListener(sign, seen, { passive: true, signal: ended.signal });
  }
  seen();
  return () => {
    ended.abort();
    clearTimeout(timer);
  };
}

// A line at the foot of the page that says what went wrong, for a while.
export class Problem {
  root = element('p', 'problem toast');

  #timer = 0;

  constructor() {
    this.root.setAttribute('role', 'alert');
  }

  show(words) {
    setText(this.root, words);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => setText(this.root, ''), 8_000);
  }
}
