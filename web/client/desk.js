import { Client } from './client.js';
import { ConnectionLost } from './connection.js';
import { logOut } from './login.js';
import { Statement } from './statement.js';

// An agent or a manager as the page knows him: beside his conversations the colours of agents, the
// queue, and what he says of himself. Confirms by itself whatever is assigned to him: that is how
// the server knows that somebody is there.
export class DeskClient extends Client {
  presence = new Map(); // the own: channel → what the server says of it
  agents = new Map(); // while agents are watched: agent's id → { agent, presence: channel → … }
  queue = new Map(); // while the queue is watched: conversation → its summary, in the queue's order

  #watch = null; // { agents, queue }, as long as the page wants it
  #view = new Statement(say => this.connection.ask(() => ({ view: say() })));
  #away = new Statement(say => this.connection.ask(() => ({ setAway: { away: say() } })), false);
  #wishes = Promise.resolve(); // resolves when the last that was said of presence is decided
  #confirming = new Set();

  // From here on `agents` and `queue` are kept up to date, also over a lost connection. Rejects with
  // Refused when the person may not.
  async watch(what) {
    this.#watch = what;
    const { live } = await this.connection.ask({ watch: what });
    this.agents = new Map();
    this.queue = new Map();
    for (const { agent, presence = [] } of live.agents ?? []) {
      this.agents.set(agent.id, { agent, presence: new Map() });
      for (const each of presence) this.#present(each);
    }
    for (const summary of live.queue ?? []) this.#enqueue(summary);
    this.changed();
  }

  // Which conversations are on the screen, and which of them is written in.
  view(conversationIds, focusedId) {
    this.#view.say({ conversationIds, focusedId: focusedId ?? '' });
  }

  // Each resolves when it is done, and rejects with Refused when it may not be. Of presence one is
  // said after the other: a break that is refused for a moment must not come after its end.
  setPresence({ intent, channel, text, agentId }) {
    const ask = () => this.connection.ask({ setPresence: { intent, channel, text, agentId } });
    const wish = this.#wishes.then(ask);
    this.#wishes = wish.catch(() => {});
    return wish;
  }
  claim(conversationId) {
    return this.connection.ask({ claim: { conversationId } });
  }
  setInactive(conversationId) {
    return this.connection.ask({ setInactive: { conversationId } });
  }
  finishWrapUp(conversationId) {
    return this.connection.ask({ finishWrapUp: { conversationId } });
  }
  fillForm(conversationId, tags, note) {
    return this.connection.ask({ fillForm: { conversationId, tags, note } });
  }
  async block(conversationId, reason, expiresAt) {
    const { blocked } = await this.connection.ask({ block: { conversationId, reason, expiresAt } });
    return blocked.blockId;
  }
  async blocks() {
    const { blocks } = await this.connection.ask({ listBlocks: {} });
    return blocks.blocks ?? [];
  }
  liftBlock(blockId) {
    return this.connection.ask({ liftBlock: { blockId } });
  }

  // Ends the login, and then the connection: one that is closed first looks lost, and its agent keeps
  // his colour for the grace time.
  async logOut() {
    await logOut();
    this.end();
  }

  // Nobody sits before this page, or somebody again.
  setAway(isAway) {
    this.#away.say(isAway);
  }

  welcomed(welcome) {
    const watched = this.#watch;
    this.presence = new Map();
    this.#confirming.clear();
    super.welcomed(welcome);
    for (const each of welcome.presence ?? []) this.#present(each);
    for (const each of welcome.conversations ?? []) this.#confirm(each);
    // These are of a connection, and this is another.
    if (watched) this.watch(watched).catch(() => {});
    this.#view.sayAnew();
    this.#away.sayAnew();
  }

  happened(event) {
    if (event.presence) this.#present(event.presence);
    else super.happened(event);
  }

  // One that is ours, or was; or one of the queue that we watch.
  summarize(summary) {
    const { conversationId: id, state, agent } = summary;
    this.queue.delete(id);
    if (state === 'CONVERSATION_STATE_QUEUED') this.#enqueue(summary);
    if (agent?.id === this.self.id) {
      super.summarize(summary);
      this.#confirm(summary);
    } else if (this.summaries.has(id)) {
      this.forget(id); // another has it now, or it waits again
    }
  }

  // One that returns to the queue has its old ticket, and goes before those who came after it.
  #enqueue(summary) {
    const ticket = BigInt(summary.ticket ?? 0);
    const later = [...this.queue].filter(([, each]) => BigInt(each.ticket ?? 0) > ticket);
    for (const [id] of later) this.queue.delete(id);
    this.queue.set(summary.conversationId, summary);
    for (const [id, each] of later) this.queue.set(id, each);
  }

  // The one with the higher version is the newer one.
  #present(presence) {
    const lines = [];
    if (presence.agentId === this.self?.id) lines.push(this.presence);
    if (this.agents.has(presence.agentId)) lines.push(this.agents.get(presence.agentId).presence);
    for (const line of lines) {
      const known = line.get(presence.channel);
      if (known && BigInt(known.version ?? 0) > BigInt(presence.version ?? 0)) continue;
      line.set(presence.channel, presence);
    }
  }

  #confirm({ conversationId, needsConfirmation }) {
    if (!needsConfirmation || this.#confirming.has(conversationId)) return;
    this.#confirming.add(conversationId);
    this.connection.ask({ confirm: { conversationId } })
      .catch(error => {
        if (error instanceof ConnectionLost) return; // the next welcome asks for it again
        console.warn(`refused: ${error.message}`);
      })
      .finally(() => this.#confirming.delete(conversationId));
  }
}
