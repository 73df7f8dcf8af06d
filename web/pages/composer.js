import { button, element, setText } from './dom.js';

// What can be written: the agent's side has all three.
const KINDS = {
  text: 'Message',
  note: 'Note for agents',
  link: 'Link',
};

// Where a person writes. Enter sends, Shift and Enter begin a new line.
export class Composer {
  root = element('form', 'composer');

  #text = element('textarea');
  #send = element('button', 'primary', 'Send');
  #problem = element('p', 'problem');
  #kinds;

  // `kinds` of KINDS to choose from; send(kind, text) and typing(text) are called.
  constructor({ label, kinds = ['text'], send, typing }) {
    this.#kinds = kinds.map(kind => this.#radio(kind));
    if (kinds.length > 1) {
      const choice = element('fieldset', 'kinds', ...this.#kinds.map(({ label: each }) => each));
      choice.append(element('legend', 'unseen', 'What to write'));
      this.root.append(choice);
    }
    this.#problem.setAttribute('role', 'alert');
    this.root.append(element('div', 'line', this.#text, this.#send), this.#problem);
    this.#text.rows = 2;
    this.#text.maxLength = 4096; // of at most four bytes: what a message may have
    this.#text.setAttribute('aria-label', label);
    this.#text.addEventListener('input', () => {
      setText(this.#problem, '');
      if (this.kind === 'text') typing(this.#text.value);
    });
    this.#text.addEventListener('keydown', event => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.root.requestSubmit();
    });
    this.root.addEventListener('submit', event => {
      event.preventDefault();
      this.#submit(send);
    });
  }

  get kind() {
    return this.#kinds.find(({ input }) => input.checked)?.kind ?? 'text';
  }

  enable(isEnabled, placeholder) {
    this.#text.disabled = this.#send.disabled = !isEnabled;
    this.#text.placeholder = this.kind === 'link' ? 'https://…' : placeholder;
    this.root.classList.toggle('is-note', this.kind === 'note');
  }

  focus() {
    this.#text.focus();
  }

  #radio(kind) {
    const input = Object.assign(element('input'), { type: 'radio', name: 'kind', value: kind });
    input.checked = kind === 'text';
    return { kind, input, label: element('label', '', input, KINDS[kind]) };
  }

  #submit(send) {
    let text = this.#text.value.trim();
    if (!text) return;
    if (this.kind === 'link') {
      if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
        return setText(this.#problem, 'A link begins with https:// or http://');
      }
      text = new URL(text).href;
    }
    this.#text.value = '';
    send(this.kind, text);
    const [first] = this.#kinds; // the next is a message again
    first.input.checked = true;
  }
}

// Asks for the words of something that is done rarely, in a dialog that the Escape key leaves.
export function ask(dialogTitle, fields, action) {
  return new Promise(answered => {
    const form = element('form', '', element('h2', '', dialogTitle), ...fields);
    const cancel = button('quiet', 'Cancel', () => dialog.close());
    form.append(element('div', 'actions', cancel, element('button', 'primary', action)));
    const dialog = element('dialog', '', form);
    let answer = null;
    form.addEventListener('submit', event => {
      event.preventDefault();
      answer = Object.fromEntries(new FormData(form));
      dialog.close();
    });
    dialog.addEventListener('close', () => {
      dialog.remove();
      answered(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
