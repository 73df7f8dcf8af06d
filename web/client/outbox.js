import { ConnectionLost } from './connection.js';

// What a person said or did and the server has not answered yet. It is kept over a lost connection
// and over a reload, and sent again under the same id until there is an answer: a message is stored
// once, however often it is sent. One at a time keeps the order.
export class Outbox {
  #items; // { id, kind: start|text|note|link|close, conversationId, channel, text, stored, failed }
  #storage;
  #key;
  #isBusy = false;

  constructor(storage, key) {
    this.#storage = storage;
    this.#key = key;
    this.#items = JSON.parse(storage.getItem(key) ?? '[]');
  }

  items() {
    return this.#items;
  }

  add(item) {
    this.#items.push(item);
    this.#keep();
  }

  // Tries again what was refused, changed by `changes`: a refusal is not remembered by the server.
  retry(item, changes) {
    Object.assign(item, changes, { failed: undefined });
    this.#keep();
  }

  // Drops those of which that is true.
  drop(isDone) {
    const left = this.#items.filter(item => !isDone(item));
    if (left.length === this.#items.length) return;
    this.#items = left;
    this.#keep();
  }

  // Their author is another person from here on, with none of the conversations. What he wrote and
  // nobody has read yet he still wants to be read, so it begins one; `makeId` names it anew, since the
  // server may have stored it before under the old name. What he was told is not sent stays behind, as
  // do closes; a first message, which has no conversation yet, stays as it is but for its name.
  beginAnew(makeId) {
    this.#items = this.#items
      .filter(({ kind, conversationId, stored, failed }) =>
        kind !== 'close' && !stored && !(failed && conversationId))
      .map(({ channel, text, failed }) => ({ id: makeId(), kind: 'start', channel, text, failed }));
    this.#keep();
  }

  // Sends what waits through `ask`, a function from command to reply, and tells `answered` of each.
  async flush(ask, answered) {
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      for (let item; (item = this.#items.find(each => !each.stored && !each.failed)); ) {
        await this.#sendOne(item, ask);
        this.#keep();
        answered(item);
      }
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw error;
    } finally {
      this.#isBusy = false;
    }
  }

  async #sendOne(item, ask) {
    try {
      const { stored } = await ask(toCommand(item));
      if (stored) item.conversationId = stored.conversationId;
      item.stored = true;
    } catch (error) {
      if (error instanceof ConnectionLost) throw error;
      if (error.code === 'already_open' && item.kind === 'start') {
        Object.assign(item, { kind: 'text', conversationId: error.conversationId });
      } else if (item.kind === 'close') {
        item.stored = true; // it is closed already, or was never ours
      } else {
        item.failed = error.code ?? String(error);
      }
    }
  }

  #keep() {
    this.#storage.setItem(this.#key, JSON.stringify(this.#items));
  }
}

function toCommand({ id, kind, conversationId, channel, text }) {
  switch (kind) {
    case 'start':
      return { start: { channel: channel ?? 'CHANNEL_CHAT', clientMsgId: id, text } };
    case 'close':
      return { close: { conversationId } };
    case 'link':
      return { send: { conversationId, clientMsgId: id, link: { url: text } } };
    default:
      return { send: { conversationId, clientMsgId: id, [kind]: { text } } };
  }
}
