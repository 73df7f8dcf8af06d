// One connection to Switchboard, kept up: it says hello, gives answers to those who asked, and
// comes back when it is lost. It knows frames and close codes, but nothing of conversations.

const SUBPROTOCOL = 'switchboard.v1.json';
export const HELLO_MS = 10_000; // what has no hello by then, or no welcome after it, is as good as lost
const UNANSWERED_MAX = 4; // the server allows 8; reports and typing take some of them
const TOLD_MAX = 64; // whose refusals are listened for: of the server's 8 and those on their way

const RETRYABLE = new Set(['rate_limited', 'too_many_in_flight', 'overloaded', 'unavailable']);
const FINAL_CLOSES = new Set([1000, 1002, 1007, 1009]);

// Long answers come in parts; all but the last say that there is more.
const LONG = ['live', 'blocks'];

const mayComeBack = code => !FINAL_CLOSES.has(code) && !(code >= 4500 && code <= 4999);

// Random, so that a thousand clients that lost the same server do not return at the same moment.
const backOff = tries => Math.random() * Math.min(20_000, 500 * 2 ** tries);

// Whether what the server refused so is to be said again, and how long after that.
export const isForLater = ({ code }) => RETRYABLE.has(code);
export const laterMs = ({ retryAfterMs }, tries) => retryAfterMs ?? backOff(tries);

export class ConnectionLost extends Error {
  constructor() {
    super('The connection was lost before this was done.');
  }
}
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
  #pauses = new Set(); // { lost, timer } of commands that are to be said again later
  #told = new Map(); // id of a command without an answer → whom to tell that it was refused
  #attempt = 0; // to connect; those before it are given up
  #tries = 0; // without a welcome
  #notBefore = 0; // as the server asked
  #silenceMax = HELLO_MS;
  #silence = 0; // the timer that ends a connection which says nothing
  #return = 0; // the timer that opens the next one

  // A browser knows sooner than any silence that its network is gone, or is there again.
  #network = {
    offline: () => this.state !== 'waiting' && this.#lost(1006),
    online: () => this.#hurryBack(),
  };

  // `listener` has hello() → the hello to say, may wait and may throw SignedOut; welcomed(welcome);
  // happened(event); tokenRefused(); changed().
  constructor(url, listener) {
    this.#url = url;
    this.#listener = listener;
  }

  async open() {
    clearTimeout(this.#return);
    const attempt = ++this.#attempt;
    for (const [kind, hear] of Object.entries(this.#network)) {
      globalThis.addEventListener?.(kind, hear);
    }
    this.#listen(HELLO_MS);
    this.#enter('connecting');
    let hello;
    let failure;
    try {
      hello = await this.#listener.hello();
    } catch (error) {
      failure = error;
    }
    if (attempt !== this.#attempt) return; // closed meanwhile, or took too long
    if (failure instanceof SignedOut) return this.#end('signed-out');
    if (failure) return this.#lost(1006);
    const socket = new WebSocket(this.#url, SUBPROTOCOL);
    this.#socket = socket;
    this.#lastId = 0;
    socket.onopen = () => this.#send({ hello });
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(data));
    socket.onclose = ({ code }) => this.#lost(code);
    this.#listen(HELLO_MS);
  }

  close() {
    this.#end('ended');
  }

  // Says hello anew, when there is something else to say in it.
  reopen() {
    this.close();
    this.open();
  }

  // Resolves with the reply's result. `command` may be a function that makes it, at each try anew.
  // Refusals that say "later" are obeyed in here; another throws Refused. Throws ConnectionLost when
  // it is not known what became of the command, or when the connection is lost before the next try.
  async ask(command) {
    for (let tries = 0; ; ++tries) {
      const result = await this.#askOnce(command);
      if (!result.error) return result;
      if (!isForLater(result.error)) throw new Refused(result.error);
      await this.#pause(laterMs(result.error, tries));
    }
  }

  // For commands that have no answer but a refusal, with which `refused` is called.
  tell(command, refused) {
    if (this.state !== 'online') return;
    const id = this.#send(command);
    if (refused) this.#told.set(id, refused);
    if (this.#told.size > TOLD_MAX) this.#told.delete(this.#told.keys().next().value);
  }

  #pause(ms) {
    return new Promise((over, lost) => {
      const end = () => this.#pauses.delete(pause) && over();
      const pause = { lost, timer: setTimeout(end, ms) };
      this.#pauses.add(pause);
    });
  }

  async #askOnce(command) {
    const isUrgent = 'confirm' in command; // has a time limit, and room of its own
    while (!isUrgent && this.#ordinary() >= UNANSWERED_MAX)
      await new Promise(next => this.#turns.push(next));
    if (this.state !== 'online') throw new ConnectionLost();
    const id = this.#send(typeof command === 'function' ? command() : command);
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

  #answer({ id, ...result }) {
    const waiting = this.#waiting.get(id);
    if (!waiting) return this.#refuse(id, result);
    waiting.parts.push(result);
    if (LONG.some(kind => result[kind]?.more)) return;
    waiting.answered(joined(waiting.parts));
    this.#waiting.delete(id);
    if (!waiting.isUrgent) this.#turns.shift()?.();
  }

  // An answer nobody waits for is the refusal of a hello, of a report or of typing: the first is
  // followed by a close code, the last does not matter.
  #refuse(id, { error }) {
    const refused = this.#told.get(id);
    this.#told.delete(id);
    if (error) refused?.(error);
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
    if (code === 4502) return this.#end('replaced');
    if (code === 4500 || mayComeBack(code)) return this.#comeBack();
    this.#end('ended');
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

  #end(state) {
    clearTimeout(this.#return);
    for (const [kind, hear] of Object.entries(this.#network)) {
      globalThis.removeEventListener?.(kind, hear);
    }
    this.#drop();
    this.#enter(state);
  }

  // Forgets the socket, and tells those who wait that their answer will not come.
  #drop() {
    ++this.#attempt;
    clearTimeout(this.#silence);
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
    }
    const lost = [...this.#waiting.values(), ...this.#pauses];
    this.#waiting.clear();
    this.#pauses.clear();
    this.#told.clear();
    for (const each of lost) {
      clearTimeout(each.timer);
      each.lost(new ConnectionLost());
    }
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
