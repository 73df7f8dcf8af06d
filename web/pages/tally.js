import { drawList, element, setText } from './dom.js';
import { enabled } from './presence.js';
import { CHANNELS, presenceWords } from './words.js';

const COLUMNS = [['green', 'Available'], ['orange', 'Busy'], ['red', 'Not available']];

// How many agents have which colour on each channel, and how many visitors wait there: who is free
// for messages is no help to a visitor who waits in the chat.
export class Tally {
  root = element('table', 'tally');

  #rows = element('tbody');

  constructor() {
    const titles = COLUMNS.map(([colour, words]) =>
      element('th', colour, element('i', 'dot'), ` ${words}`));
    const head = element('tr', '', element('td'), ...titles, element('th', '', 'Waiting'));
    for (const title of head.querySelectorAll('th')) title.scope = 'col';
    this.root.append(element('thead', '', head), this.#rows);
  }

  // `lines` are the agents with their presence, `waiting` the summaries of the queue.
  draw(lines, waiting) {
    const presences = lines.flatMap(({ presence }) => enabled(presence));
    const used = new Set([...presences, ...waiting].map(({ channel }) => channel));
    drawList(this.#rows, Object.keys(CHANNELS).filter(channel => used.has(channel)), {
      key: channel => channel,
      make: channel => makeRow(CHANNELS[channel]),
      update: (row, channel) => {
        const colours = presences.filter(each => each.channel === channel)
          .map(each => presenceWords(each).colour);
        const counts = COLUMNS.map(([colour]) => colours.filter(each => each === colour).length);
        counts.push(waiting.filter(each => each.channel === channel).length);
        counts.forEach((count, index) => {
          const cell = row.children[index + 1];
          setText(cell, String(count));
          cell.classList.toggle('is-none', count === 0);
        });
      },
    });
  }
}

function makeRow(words) {
  const title = element('th', '', words);
  title.scope = 'row';
  return element('tr', '', title, ...COLUMNS.map(() => element('td')), element('td'));
}
