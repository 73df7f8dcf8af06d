// Looks at an agent's colours on a manager's page all the time, as no waiting for one of them can:
// what was shown for a moment only is told as well.
export class Witness {
  #page;

  static async of({ page }, name) {
    const witness = new Witness();
    witness.#page = page;
    await page.evaluate(record, name);
    return witness;
  }

  // What was shown of a channel so far, one line for each change: "green: available, 0 of 3".
  async lines(channel = 'Chat') {
    return (await this.#shown(channel)).map(({ line }) => line);
  }

  // The colours of all channels.
  async colours() {
    const shown = await this.#page.evaluate(() => Object.values(globalThis.shown).flat());
    return [...new Set(shown.map(({ line }) => line.split(':')[0]))];
  }

  // Since 1970 in ms: when that was first shown.
  async timeOf(line, channel = 'Chat') {
    return (await this.#shown(channel)).find(each => each.line === line)?.at;
  }

  // Nothing else is shown any more, or a part of it.
  async until(part, channel = 'Chat') {
    await this.#page.waitForFunction(
      ([key, words]) => globalThis.shown[key].at(-1).line.includes(words), [channel, part]);
  }

  #shown(channel) {
    return this.#page.evaluate(key => globalThis.shown[key], channel);
  }
}

// In the page.
function record(name) {
  const shown = {};
  const look = () => {
    const agent = [...document.querySelectorAll('.agent')]
      .find(each => each.querySelector('.name').textContent === name);
    for (const chip of agent?.querySelectorAll('.chip') ?? []) {
      const [channel, why, slots] = ['strong', '.why', '.slots']
        .map(part => chip.querySelector(part).textContent);
      const line = `${chip.classList[1]}: ${why}, ${slots}`;
      shown[channel] ??= [];
      if (shown[channel].at(-1)?.line !== line) shown[channel].push({ line, at: Date.now() });
    }
  };
  look();
  const options = { subtree: true, childList: true, characterData: true, attributes: true };
  new MutationObserver(look).observe(document.querySelector('.agents'), options);
  globalThis.shown = shown;
}
