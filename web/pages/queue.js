import { button, drawList, elapsed, element, setText } from './dom.js';
import { CHANNELS } from './words.js';

// Who waits, the one that waits longest first. `action` is what can be done with one.
export class Queue {
  root = element('section', 'queue');

  #title = this.root.appendChild(element('h2'));
  #list = this.root.appendChild(element('ol'));
  #nobody = this.root.appendChild(element('p', 'hint', 'Nobody waits.'));
  #action;

  // `action`: { words, run(summary) }.
  constructor(action) {
    this.#action = action;
  }

  draw(summaries, now) {
    setText(this.#title, summaries.length ? `Waiting: ${summaries.length}` : 'Waiting');
    this.#nobody.hidden = summaries.length > 0;
    drawList(this.#list, summaries, {
      key: ({ conversationId }) => conversationId,
      make: summary => this.#make(summary),
      update: (item, summary) => {
        const [name, about, message] = item.children;
        const waits = elapsed(now - Date.parse(summary.openedAt));
        setText(name, summary.visitor.name);
        setText(about, `${CHANNELS[summary.channel]}, ${summary.patient ? 'a message, ' : ''}${waits}`);
        setText(message, summary.lastVisitorMessage ?? '');
      },
    });
  }

  #make(summary) {
    const act = button('quiet', this.#action.words, () => this.#action.run(summary));
    const [name, about, message] = ['name', 'since', 'message'].map(part => element('span', part));
    return element('li', 'waiting', name, about, message, act);
  }
}
