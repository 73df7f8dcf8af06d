import { ConnectionLost } from './connection.js';

const isSame = (a, b) => JSON.stringify(a) === JSON.stringify(b);

// What a client says of its connection, where only the newest counts. One is on its way at a time: a
// refused one that is said again after a newer would stand for good.
export class Statement {
  #ask;
  #initial;
  #wanted;
  #settled; // what the server decided on last, on this connection
  #isAsking = false;

  // `ask` sends what the function that it is given returns, at each try anew; `initial` is what a
  // connection is taken to say before it says anything.
  constructor(ask, initial) {
    this.#ask = ask;
    this.#initial = this.#wanted = this.#settled = initial;
  }

  say(value) {
    if (isSame(value, this.#wanted)) return;
    this.#wanted = value;
    this.#settle();
  }

  // The connection is another one, to which nothing was said.
  sayAnew() {
    this.#settled = this.#initial;
    this.#settle();
  }

  async #settle() {
    if (this.#isAsking) return;
    this.#isAsking = true;
    while (!isSame(this.#settled, this.#wanted)) {
      let said;
      try {
        await this.#ask(() => said = this.#wanted);
      } catch (error) {
        if (error instanceof ConnectionLost) break; // the next one is told anew
        console.warn(`refused: ${error.message}`);
      }
      this.#settled = said;
    }
    this.#isAsking = false;
  }
}
