// The entries of one conversation as far as they are known without a gap, oldest first.
export class Timeline {
  entries = [];

  #early = new Map(); // entries after a gap, by the seq of the one before

  // Of the last entry; 0: none.
  get lastSeq() {
    return this.entries.at(-1)?.seq ?? 0;
  }

  get hasGap() {
    return this.#early.size > 0;
  }

  // An entry that is known already, by its seq, changes nothing. One whose predecessor is missing
  // is kept until that arrives.
  add(entry) {
    if (entry.seq > this.lastSeq) this.#early.set(entry.prevSeq ?? 0, entry);
    for (let next; (next = this.#early.get(this.lastSeq)); ) {
      this.#early.delete(this.lastSeq);
      this.entries.push(next);
    }
    for (const [before, { seq }] of this.#early) {
      if (seq <= this.lastSeq) this.#early.delete(before);
    }
  }

  has(clientMsgId) {
    return this.entries.some(entry => entry.clientMsgId === clientMsgId);
  }
}
