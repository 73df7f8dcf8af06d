import { button, elapsed, element, setText } from './view.js';

const TURN = {
  AWAITING_AGENT: ['red', 'your turn'],
  AWAITING_VISITOR: ['grey', 'visitor’s turn'],
};

const LEGEND = [
  ['green', 'on the screen'],
  ['red', 'waits for you'],
  ['grey', 'waits for the visitor'],
];

// The agent's conversations as boxes: green is the one on the screen, red awaits the agent, grey
// the visitor. The server says whose turn it is; only the times are counted here.
export class Bar {
  root = element('nav', 'conversations');

  #legend = this.root.appendChild(element('p', 'legend', 'Conversations'));
  #list = this.root.appendChild(element('div', 'bar'));
  #boxes = new Map(); // conversation → its box
  #open;

  // `open` is called with the conversation whose box was clicked.
  constructor(open) {
    this.#open = open;
    for (const [colour, meaning] of LEGEND) {
      this.#legend.append(element('i', `dot ${colour}`), meaning);
    }
  }

  draw(summaries, current, now) {
    for (const [id, box] of this.#boxes) {
      if (summaries.some(({ conversationId }) => conversationId === id)) continue;
      box.root.remove();
      this.#boxes.delete(id);
    }
    for (const summary of summaries) this.#drawBox(summary, current, now);
  }

  #drawBox(summary, current, now) {
    const isCurrent = summary.conversationId === current;
    const box = this.#boxes.get(summary.conversationId) ?? this.#add(summary.conversationId);
    const [colour, turn] = TURN[summary.awaiting] ?? ['grey', ''];
    box.root.className = `box ${isCurrent ? 'green' : colour}`;
    box.root.setAttribute('aria-current', isCurrent);
    setText(box.name, summary.visitor.name);
    setText(box.unread, summary.unread ? String(summary.unread) : '');
    setText(box.message, summary.lastVisitorMessage ?? '');
    setText(box.turn, `${turn} ${elapsed(now - Date.parse(summary.awaitingSince ?? now))}`);
    setText(box.duration, `open ${elapsed(now - Date.parse(summary.openedAt))}`);
  }

  #add(id) {
    const root = button('box', '', () => this.#open(id));
    const [name, unread, message, turn, duration] =
      ['name', 'unread', 'message', 'turn', 'duration'].map(part => element('span', part));
    root.append(name, unread, message, turn, duration);
    this.#list.append(root);
    const box = { root, name, unread, message, turn, duration };
    this.#boxes.set(id, box);
    return box;
  }
}
