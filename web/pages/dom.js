// What the pages draw with. Whatever a person wrote becomes a text node and never markup.
export function element(tag, className = '', ...children) {
  const made = document.createElement(tag);
  made.className = className;
  made.append(...children);
  return made;
}

export function button(className, text, onClick) {
  const made = element('button', className, text);
  made.type = 'button';
  made.addEventListener('click', onClick);
  return made;
}

// An input, textarea or select with a label that is read out and not seen.
export function field(tag, properties) {
  const { label, ...others } = properties;
  const made = Object.assign(element(tag), others);
  made.setAttribute('aria-label', label);
  return made;
}

// Text only where it differs, so that a screen that is redrawn every second stays selectable.
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// The children of `list` become those that `make` and `update` give for `items`, in their order; what
// is there already stays, and keeps the keyboard's focus. `key` names an item.
export function drawList(list, items, { key, make, update }) {
  const known = new Map([...list.children].map(node => [node.dataset.key, node]));
  const nodes = items.map(item => {
    const node = known.get(key(item)) ?? make(item);
    node.dataset.key = key(item);
    update(node, item);
    return node;
  });
  const left = new Set(nodes);
  for (const node of [...list.children]) if (!left.has(node)) node.remove();
  nodes.forEach((node, index) => {
    if (list.children[index] !== node) list.insertBefore(node, list.children[index] ?? null);
  });
}

export const timeOfDay = at =>
  new Date(at).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

// "0:42", "12:05", "1 h 07"
export function elapsed(ms) {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const pad = number => String(number).padStart(2, '0');
  if (seconds < 3600) return `${Math.floor(seconds / 60)}:${pad(seconds % 60)}`;
  return `${Math.floor(seconds / 3600)} h ${pad(Math.floor(seconds / 60) % 60)}`;
}
