// Lets a few run at a time, each for a certain time at least, so that a crowd is neither too many at
// once nor too many in a second.
export class Turns {
  #free;
  #lastsMs;
  #waiting = []; // { rank, go }

  constructor({ max, lastsMs }) {
    this.#free = max;
    this.#lastsMs = lastsMs;
  }

  // Runs `what` when it is its turn, and ends as it does. Of those that wait the one goes first whose
  // rank() is the highest by then; of equals the one that came first.
  async take(rank, what) {
    if (this.#free > 0) --this.#free;
    else await new Promise(go => this.#waiting.push({ rank, go }));
    const until = Date.now() + this.#lastsMs;
    try {
      return await what();
    } finally {
      setTimeout(() => this.#passOn(), Math.max(0, until - Date.now()));
    }
  }

  #passOn() {
    const ranks = this.#waiting.map(({ rank }) => rank());
    const [next] = this.#waiting.splice(ranks.indexOf(Math.max(...ranks)), 1);
    if (next) next.go();
    else ++this.#free;
  }
}
