import { isForLater, laterMs } from './connection.js';

const REPORT_MS = 250;
// In a round. A report that is carried out has no answer for which the next could wait, and of the
// 8 unanswered commands and the 20 a second of the server most are for what people do.
const REPORTS_MAX = 2;

// How far each conversation was delivered and seen, told a few at a time, the newest first.
export class Reports {
  #all = new Map(); // conversation → { delivered, seen, isNew, refusals }, the newest last
  #tell;
  #timer = 0;

  // `tell` is called with { conversationId, deliveredSeq, seenSeq }, and with what is to be called
  // with the server's error should it refuse.
  constructor(tell) {
    this.#tell = tell;
  }

  // What is no more than before changes nothing.
  add(id, { delivered, seen }) {
    const known = this.#all.get(id) ?? { delivered: 0, seen: 0 };
    if (delivered <= known.delivered && seen <= known.seen) return;
    this.#all.delete(id);
    this.#all.set(id, {
      delivered: Math.max(delivered, known.delivered),
      seen: Math.max(seen, known.seen),
      isNew: true,
      refusals: 0,
    });
    if (!this.#timer) this.#tellIn(REPORT_MS);
  }

  // On another connection all of them are told again: the last may be lost.
  tellAnew() {
    for (const report of this.#all.values()) report.isNew = true;
    clearTimeout(this.#timer);
    this.#tellSome();
  }

  forget(id) {
    this.#all.delete(id);
  }

  forgetAll() {
    this.#all.clear();
  }

  #tellIn(ms) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tellSome(), ms);
  }

  #tellSome() {
    this.#timer = 0;
    const untold = [...this.#all].filter(([, { isNew }]) => isNew).reverse();
    if (untold.length > REPORTS_MAX) this.#tellIn(REPORT_MS);
    for (const [conversationId, report] of untold.slice(0, REPORTS_MAX)) {
      report.isNew = false;
      const told = { conversationId, deliveredSeq: report.delivered, seenSeq: report.seen };
      this.#tell(told, error => this.#refused(report, error));
    }
  }

  // All of them wait, since the next would be refused as well.
  #refused(report, error) {
    if (!isForLater(error)) return;
    report.isNew = true;
    this.#tellIn(Math.max(REPORT_MS, laterMs(error, report.refusals++)));
  }
}
