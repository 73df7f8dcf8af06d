// One connection to Switchboard, kept up: it says hello, gives answers to those who asked, and
// comes back when it is lost. It knows frames and close codes, but nothing of conversations.

const SUBPROTOCOL = 'switchboard.v1.json';
const HELLO_MS = 10_000; // without a welcome for so long, the connection is as good as lost
const UNANSWERED_MAX = 4; // the server allows 8; reports and typing take some of them

const RETRYABLE = new Set(['rate_limited', 'too_many_in_flight', 'overloaded', 'unavailable']);
const FINAL_CLOSES = new Set([1000, 1002, 1007, 1009]);

// Long answers come in parts; all but the last say that there is more.
const LONG = ['live', 'blocks'];

const sleep = ms => new Promise(done => setTimeout(done, ms));
const mayComeBack = code => !FINAL_CLOSES.has(code) && !(code >= 4500 && code <= 4999);

// Random, so that a thousand clients that lost the same server do not return at the same moment.
const backOff = tries => Math.random() * Math.min(20_000, 500 * 2 ** tries);

export class ConnectionLost extends Error {}
export class SignedOut extends Error {}

// The server's `error` to a command that no repetition will change.
export class Refused extends Error {
  constructor({ code, detail, conversationId, takenBy }) {
    super(detail ? `${code}: ${detail}` : code);
    this.code = code;
    this.detail = detail;
    this.conversationId = conversationId;
    this.takenBy = takenBy;
  }
}

export class Connection {
  state = 'new'; // connecting, online, waiting; at last: ended, replaced, signed-out

  #url;
  #listener;
  #socket = null;
  #lastId = 0;
  #waiting = new Map(); // id of a command → who waits for its answer
  #turns = []; // commands that wait until fewer are unanswered
  #tries = 0; // without a welcome
  #notBefore = 0; // as the server asked
  #silenceMax = HELLO_MS;
  #silence = 0; // the timer that ends a connection which says nothing
  #return = 0; // the timer that opens the next one

  // `listener` has hello() → the hello to say, may wait and may throw SignedOut; welcomed(welcome);
  // happened(event); tokenRefused(); changed().
  constructor(url, listener) {
    this.#url = url;
    this.#listener = listener;
    // A browser knows sooner than any silence that its network is gone, or is there again.
    globalThis.addEventListener?.('offline', () => this.#socket && this.#lost(1006));
    globalThis.addEventListener?.('online', () => this.#hurryBack());
  }

  async open() {
    clearTimeout(this.#return);
    this.#enter('connecting');
    let hello;
    try {
      hello = await this.#listener.hello();
    } catch (error) {
      if (error instanceof SignedOut) return this.#enter('signed-out');
      return this.#comeBack();
    }
    if (this.state !== 'connecting') return; // closed meanwhile
    const socket = new WebSocket(this.#url, SUBPROTOCOL);
    this.#socket = socket;
    this.#lastId = 0;
    socket.onopen = () => this.#send({ hello });
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    socket.onclose = ({ code }) => this.#lost(code);
    this.#listen(HELLO_MS);
  }

  close() {
    clearTimeout(this.#return);
    this.#enter('ended');
    this.#drop();
  }

  // Says hello anew, when there is something else to say in it.
  reopen() {
    this.close();
    this.open();
  }

  // Resolves with the reply's result. Refusals that say "later" are obeyed in here; another throws
  // Refused. Throws ConnectionLost when it is not known what became of the command.
  async ask(command) {
    for (let tries = 0; ; ++tries) {
      const result = await this.#askOnce(command);
      if (!result.error) return result;
      if (!RETRYABLE.has(result.error.code)) throw new Refused(result.error);
      await sleep(result.error.retryAfterMs ?? backOff(tries));
    }
  }

  // For commands that have no answer, and are worth nothing later.
  tell(command) {
    if (this.state === 'online') this.#send(command);
  }

  async #askOnce(command) {
    const isUrgent = 'confirm' in command; // has a time limit, and room of its own
    while (!isUrgent && this.#ordinary() >= UNANSWERED_MAX)
      await new Promise(next => this.#turns.push(next));
    if (this.state !== 'online') throw new ConnectionLost();
    const id = this.#send(command);
    return new Promise((answered, lost) =>
      this.#waiting.set(id, { answered, lost, isUrgent, parts: [] }));
  }

  #ordinary() {
    return [...this.#waiting.values()].filter(({ isUrgent }) => !isUrgent).length;
  }

  #send(command) {
    const id = ++this.#lastId;
    this.#socket.send(JSON.stringify({ frames: [{ id, ...command }] }));
    return id;
  }

  #receive({ frames }) {
    this.#listen(this.#silenceMax);
    for (const { reply, event } of frames) {
      if (event?.goAway) this.#goAway(event.goAway.reconnectAfterMs ?? 0);
      else if (event) this.#listener.happened(event);
      else if (reply?.welcome) this.#welcomed(reply.welcome);
      else if (reply) this.#answer(reply);
    }
  }

  #welcomed(welcome) {
    this.#tries = 0;
    this.#silenceMax = 3 * welcome.heartbeatIntervalMs;
    this.#enter('online');
    this.#listener.welcomed(welcome);
  }

  // An answer nobody waits for is the refusal of a hello, of a report or of typing: the first is
  // followed by a close code, the others do not matter.
  #answer({ id, ...result }) {
    const waiting = this.#waiting.get(id);
    waiting?.parts.push(result);
    if (LONG.some(kind => result[kind]?.more)) return;
    waiting?.answered(joined(waiting.parts));
    this.#waiting.delete(id);
    if (!waiting?.isUrgent) this.#turns.shift()?.();
  }

  #goAway(afterMs) {
    this.#notBefore = Date.now() + afterMs;
    const socket = this.#socket;
    setTimeout(() => socket === this.#socket && this.#lost(1012), afterMs);
  }

  // A dead network closes nothing, so silence does.
  #listen(ms) {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#lost(1006), ms);
  }

  #lost(code) {
    this.#drop();
    if (code === 4500) this.#listener.tokenRefused();
    if (code === 4502) return this.#enter('replaced');
    if (code === 4500 || mayComeBack(code)) return this.#comeBack();
    this.#enter('ended');
  }

  #comeBack() {
    this.#enter('waiting');
    const rest = Math.max(0, this.#notBefore - Date.now());
    this.#return = setTimeout(() => this.open(), rest + backOff(this.#tries++));
  }

  #hurryBack() {
    if (this.state !== 'waiting') return;
    clearTimeout(this.#return);
    this.#tries = 0;
    this.#comeBack();
  }

  // Forgets the socket, and tells those who wait that their answer will not come.
  #drop() {
    clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    const lost = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const each of lost) each.lost(new ConnectionLost());
    for (const next of this.#turns.splice(0)) next();
  }

  #enter(state) {
    this.state = state;
    this.#listener.changed();
  }
}

// The parts of an answer as one: their lists one after the other.
function joined(parts) {
  if (parts.length === 1) return parts[0];
  const whole = structuredClone(parts[0]);
  const [kind] = Object.keys(whole);
  for (const part of parts.slice(1)) {
    for (const [name, value] of Object.entries(part[kind])) {
      if (Array.isArray(value)) whole[kind][name] = [...(whole[kind][name] ?? []), ...value];
    }
  }
  return whole;
}
