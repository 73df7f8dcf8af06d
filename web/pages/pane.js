import { ask, Composer } from './composer.js';
import { button, element, field, setText, timeOfDay } from './dom.js';
import { Thread } from './thread.js';
import { CHANNELS } from './words.js';

const COLOURS = { AWAITING_AGENT: 'red', AWAITING_VISITOR: 'grey' };
const BLOCK_TIMES = [['An hour', 1], ['A day', 24], ['A week', 168], ['Until it is lifted', 0]];

// One conversation on the agent's screen. Only the focused one is written in, and has the buttons.
export class Pane {
  root = element('section', 'pane');
  id;

  #client;
  #actions;
  #name;
  #about = element('span', 'since');
  #tools;
  #thread = new Thread();
  #composer;
  #form;

  // `actions` has focus(id), hide(id), and attempt(promise), which shows what went wrong.
  constructor(client, id, actions) {
    this.id = id;
    this.#client = client;
    this.#actions = actions;
    this.#name = button('name', '', () => actions.focus(id));
    this.#composer = new Composer({
      label: 'Message to the visitor',
      kinds: ['text', 'note', 'link'],
      send: (kind, text) => client.send(id, kind, text),
      typing: text => text && client.showTyping(id),
    });
    this.#form = new ClosingForm((tags, note) => this.#finish(tags, note));
    this.#tools = element('span', 'tools',
      button('quiet', 'Set inactive', () => actions.attempt(client.setInactive(id))),
      button('quiet', 'Block…', () => this.#block()),
      button('quiet', 'Close', () => client.closeConversation(id)));
    const hide = button('quiet icon', '×', event => {
      event.stopPropagation(); // it would be the focused one
      actions.hide(id);
    });
    hide.setAttribute('aria-label', 'Take off the screen');
    this.root.append(element('header', '', this.#name, this.#about, this.#tools, hide),
      this.#thread.root, this.#composer.root, this.#form.root);
    // Not when the button goes down: the panes move, and what was pressed would be elsewhere by then.
    this.root.addEventListener('click', () => actions.focus(id));
  }

  get isClosed() {
    return this.#client.summaries.get(this.id)?.state === 'CONVERSATION_STATE_CLOSED';
  }

  focus() {
    if (this.isClosed) this.#form.focus();
    else this.#composer.focus();
  }

  draw(isFocused) {
    const { visitor, channel, openedAt, awaiting, state } = this.#client.summaries.get(this.id);
    const isInactive = state === 'CONVERSATION_STATE_INACTIVE';
    const { isClosed } = this;
    this.root.className = `pane ${isFocused ? 'green' : COLOURS[awaiting] ?? 'grey'}`;
    this.root.classList.toggle('is-focused', isFocused);
    this.root.setAttribute('aria-label', visitor.name);
    setText(this.#name, visitor.name);
    const since = isClosed ? 'closed' : isInactive ? 'inactive' : timeOfDay(openedAt);
    setText(this.#about, `${CHANNELS[channel]}, ${since}`);
    const [setInactive] = this.#tools.children;
    setInactive.hidden = isInactive;
    this.#tools.hidden = !isFocused || isClosed;
    this.#thread.draw(this.#client, this.id);
    this.#composer.root.hidden = !isFocused || isClosed;
    this.#form.root.hidden = !isClosed;
    const whom = this.#composer.kind === 'note' ? 'Only agents will see this' : `Write to ${visitor.name}`;
    this.#composer.enable(!isClosed, whom);
    if (document.visibilityState === 'visible') this.#client.reportSeen(this.id);
  }

  async #finish(tags, note) {
    if (tags.length || note) await this.#actions.attempt(this.#client.fillForm(this.id, tags, note));
    await this.#actions.attempt(this.#client.finishWrapUp(this.id));
    this.#client.forget(this.id);
    this.#client.changed();
  }

  async #block() {
    const { visitor } = this.#client.summaries.get(this.id);
    const reason = field('input', { label: 'Why', name: 'reason', maxLength: 120, placeholder: 'Why' });
    const hours = field('select', { label: 'How long', name: 'hours' });
    hours.append(...BLOCK_TIMES.map(([words, value]) => new Option(words, value)));
    const answer = await ask(`Block ${visitor.name}?`, [reason, hours], 'Block');
    if (!answer) return;
    const ms = Number(answer.hours) * 3_600_000;
    const expiresAt = ms ? new Date(this.#client.now() + ms).toISOString() : undefined;
    this.#actions.attempt(this.#client.block(this.id, answer.reason, expiresAt));
  }
}

// What the agent notes after the end, while his slot may still be held.
class ClosingForm {
  root = element('form', 'closing');

  #tags = field('input', { label: 'Tags', placeholder: 'Tags' });
  #note = field('input', { label: 'Note', maxLength: 1000, placeholder: 'A note' });

  constructor(finish) {
    const hint = element('p', 'hint',
      'The conversation is over. What was it about? Put commas between tags.');
    this.root.append(hint, this.#tags, this.#note, element('button', 'primary', 'Done'));
    this.root.addEventListener('submit', event => {
      event.preventDefault();
      const tags = this.#tags.value.split(',').map(tag => tag.trim().slice(0, 16)).filter(Boolean);
      finish(tags.slice(0, 20), this.#note.value.trim());
    });
  }

  focus() {
    this.#tags.focus();
  }
}
