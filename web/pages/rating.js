import { element, field, setText } from './dom.js';

const STARS = ['Bad', 'Poor', 'Fair', 'Good', 'Excellent'];

// One to five stars and a word, once the conversation is over. `rate` gets both and returns a promise.
export class Rating {
  root = element('form', 'rating');

  #comment = field('input', { label: 'Your comment', maxLength: 1000,
    placeholder: 'What could have been better?' });
  #thanks = element('p', 'hint');

  constructor(rate) {
    const stars = STARS.map((word, index) => star(word, index + 1));
    const choice = element('fieldset', 'stars', element('legend', '', 'How was it?'), ...stars);
    const line = element('div', 'line', this.#comment, element('button', 'primary', 'Rate'));
    this.#thanks.setAttribute('role', 'status');
    this.root.append(choice, line, this.#thanks);
    this.root.addEventListener('submit', async event => {
      event.preventDefault();
      const chosen = new FormData(this.root).get('stars');
      if (!chosen) return setText(this.#thanks, 'Choose how many stars.');
      try {
        await rate(Number(chosen), this.#comment.value.trim());
        setText(this.#thanks, 'Thank you!');
        choice.disabled = true;
        line.remove();
      } catch {
        setText(this.#thanks, 'That did not work. Please try again.');
      }
    });
  }
}

// A radio button, so that the arrow keys choose; the style sheet makes it a star.
function star(word, value) {
  const input = Object.assign(element('input'), { type: 'radio', name: 'stars', value });
  input.setAttribute('aria-label', `${value}: ${word}`);
  return element('label', 'star', input, element('span', '', '★'));
}
