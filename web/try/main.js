import { Agent } from './agent.js';
import { button } from './view.js';
import { Visitor } from './visitor.js';

// Another tenant's keys can be given in the address: /?tenant=acme&site=acme-shop
const query = new URLSearchParams(location.search);
const tenant = query.get('tenant') ?? 'demo';
const site = query.get('site') ?? 'demo';
const host = location.origin.replace(/^http/, 'ws');

const agent = new Agent({
  url: `${host}/v1/tenants/${encodeURIComponent(tenant)}/socket`,
  tenant,
  loginForm: document.querySelector('#login'),
});
document.querySelector('#agent').append(agent.root);

// The visitors of this tab, each a person of his own.
const LIST = 'switchboard.visitors';
const names = JSON.parse(sessionStorage.getItem(LIST) ?? '["Vera"]');
const tabs = document.querySelector('#visitors');
const place = document.querySelector('#visitor');
const form = document.querySelector('#another');
const visitors = [];

function show(chosen) {
  place.replaceChildren(chosen.visitor.root);
  for (const { tab, visitor } of visitors) {
    tab.setAttribute('aria-selected', visitor === chosen.visitor);
  }
}

function add(name) {
  const visitor = new Visitor({
    url: `${host}/v1/sites/${encodeURIComponent(site)}/socket`,
    key: `switchboard.visitor.${site}.${visitors.length + 1}`,
    name,
  });
  const made = { visitor, tab: button('tab', name, () => show(made)) };
  made.tab.setAttribute('role', 'tab');
  visitors.push(made);
  tabs.append(made.tab);
  show(made);
}

form.addEventListener('submit', event => {
  event.preventDefault();
  const name = form.elements.name.value.trim();
  if (!name) return;
  form.reset();
  names.push(name);
  sessionStorage.setItem(LIST, JSON.stringify(names));
  add(name);
});

names.forEach(add);
show(visitors[0]);
