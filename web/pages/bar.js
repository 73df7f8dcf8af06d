import { button, drawList, elapsed, element, setText } from './dom.js';
import { CHANNELS } from './words.js';

const TURNS = {
  AWAITING_AGENT: ['red', 'your turn'],
  AWAITING_VISITOR: ['grey', 'visitor’s turn'],
};

const LEGEND = [
  ['green', 'written in'],
  ['red', 'waits for you'],
  ['grey', 'waits for the visitor'],
];

const PARTS = ['name', 'unread', 'message', 'turn', 'duration'];

// The agent's conversations as boxes: green is the one he writes in, red awaits him, grey the
// visitor. The server says whose turn it is; only the times are counted here.
export class Bar {
  root = element('nav', 'conversations');

  #list = element('ol', 'bar');
  #open;

  // `open` is called with the conversation whose box was chosen.
  constructor(open) {
    this.#open = open;
    const legend = element('p', 'legend', 'Conversations');
    for (const [colour, meaning] of LEGEND) legend.append(element('i', `dot ${colour}`), meaning);
    this.root.setAttribute('aria-label', 'Conversations');
    this.root.append(legend, this.#list);
  }

  // `shown` are the conversations on the screen, `focused` the one that is written in.
  draw(summaries, { shown, focused, now }) {
    drawList(this.#list, summaries, {
      key: ({ conversationId }) => conversationId,
      make: summary => this.#make(summary.conversationId),
      update: (item, summary) => update(item.firstChild, summary, { shown, focused, now }),
    });
  }

  #make(id) {
    const box = button('box', '', () => this.#open(id));
    box.append(...PARTS.map(part => element('span', part)));
    return element('li', '', box);
  }
}

function update(box, summary, { shown, focused, now }) {
  const { conversationId: id, state, awaiting, awaitingSince, openedAt } = summary;
  const isInactive = state === 'CONVERSATION_STATE_INACTIVE';
  const [colour, turn] = TURNS[awaiting] ?? ['grey', isInactive ? 'inactive' : ''];
  box.className = `box ${id === focused ? 'green' : colour}`;
  box.classList.toggle('is-shown', shown.includes(id));
  box.classList.toggle('is-inactive', isInactive);
  box.setAttribute('aria-current', id === focused);
  const since = awaitingSince ? ` ${elapsed(now - Date.parse(awaitingSince))}` : '';
  const words = {
    name: summary.visitor.name,
    unread: summary.unread ? String(summary.unread) : '',
    message: summary.lastVisitorMessage ?? '',
    turn: summary.visitorLeft ? 'visitor left' : `${turn}${since}`,
    duration: `${CHANNELS[summary.channel]} ${elapsed(now - Date.parse(openedAt))}`,
  };
  for (const part of box.children) setText(part, words[part.className]);
}
