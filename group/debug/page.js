
'use strict';
const $ = id => document.getElementById(id);
const every = 2000, patience = 30000; // milliseconds
const collapsed = new Set(); // ids of list items, while there is no filter
const folded = new Set();    // while there is one
let paused = false, answered = true, asked = 0, soon;

// morph makes the element old look like fresh, and keeps what is the same: with it the focus, the selection and the place on the page.
function morph(old, fresh) {
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) return old.replaceWith(fresh);
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const {name} of [...old.attributes]) {
    if (name !== 'open' && name !== 'hidden' && !fresh.hasAttribute(name)) old.removeAttribute(name);
  }
  for (const {name, value} of fresh.attributes) {
    if (name !== 'open' && old.getAttribute(name) !== value) old.setAttribute(name, value);
  }
  const next = [...fresh.childNodes];
  const ids = new Set(next.map(n => n.id).filter(Boolean));
  for (const n of [...old.childNodes]) if (n.id && !ids.has(n.id)) n.remove();
  let at = old.firstChild;
  for (const n of next) {
    const same = n.id ? known(old, n.id) : at && !at.id ? at : null;
    if (!same) {
      old.insertBefore(n, at);
      continue;
    }
    if (same === at) at = at.nextSibling; else old.insertBefore(same, at);
    morph(same, n);
  }
  while (at) {
    const after = at.nextSibling;
    at.remove();
    at = after;
  }
}

// known returns the child with this id, if it was there before.
function known(parent, id) {
  const e = $(id);
  return e && e.parentNode === parent ? e : null;
}

const wanted = () => $('filter').value.toLowerCase().split(/\s+/).filter(Boolean);

// arrange hides what the filter does not want, and opens and closes what the user has.
function arrange() {
  const words = wanted();
  const shut = words.length ? folded : collapsed;
  let all = 0, found = 0;
  const visit = (item, within) => {
    const row = item.querySelector('.row');
    const text = words.length && row ? row.querySelector('.name').textContent.toLowerCase() + ' ' + row.querySelector('.state').textContent : '';
    const own = words.length > 0 && words.every(w => text.includes(w));
    let below = false;
    for (const list of item.querySelectorAll(':scope > ul, :scope > details > ul')) {
      for (const child of list.children) below = visit(child, within || own) || below;
    }
    const details = item.querySelector(':scope > details');
    if (details) details.open = !shut.has(item.id);
    item.hidden = words.length > 0 && !own && !within && !below;
    if (row) {
      row.classList.toggle('found', own);
      all++;
      if (own) found++;
    }
    return own || below;
  };
  const tree = $('tree');
  if (tree) for (const item of tree.children) visit(item, false);
  say(!answered ? 'no answer; trying again' : words.length ? `${found} of ${all} found` : paused ? 'paused' : 'refreshes itself');
}

// say leaves the status alone if it is the same, for screen readers read it out.
function say(status) {
  if ($('status').textContent !== status) $('status').textContent = status;
}

async function refresh() {
  const turn = ++asked;
  const url = new URL(location.href);
  if (wanted().length) url.searchParams.set('q', wanted().join(' '));
  try {
    const answer = await fetch(url, {headers: {Accept: 'text/html'}, cache: 'no-store', signal: AbortSignal.timeout(patience)});
    if (!answer.ok) throw new Error(answer.statusText);
    const fresh = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (turn !== asked) return; // somebody has typed on
    if (!paused) {
      morph($('live'), fresh.getElementById('live'));
      document.title = fresh.title;
    }
    answered = true;
  } catch {
    if (turn !== asked) return;
    answered = false;
  }
  document.body.classList.toggle('stale', !answered);
  arrange();
}

// go refreshes for ever. A tree that takes long leaves the user most of the time.
async function go() {
  const began = performance.now();
  if (!paused && !document.hidden) await refresh();
  setTimeout(go, Math.max(every, 4 * (performance.now() - began)));
}

function shutAll(shut) {
  const set = $('filter').value.trim() ? folded : collapsed;
  set.clear();
  if (shut) for (const d of document.querySelectorAll('#tree details')) set.add(d.parentNode.id);
  arrange();
}

const stacks = () => new URLSearchParams(location.search).get('stacks') === '1';
const actions = {
  pause() {
    paused = !paused;
    $('pause').setAttribute('aria-pressed', paused);
    arrange();
  },
  collapse() { shutAll(true); },
  expand() { shutAll(false); },
  stacks() {
    const query = new URLSearchParams(location.search);
    if (stacks()) query.delete('stacks'); else query.set('stacks', '1');
    history.replaceState(null, '', '?' + query);
    $('stacks').setAttribute('aria-pressed', stacks());
    refresh();
  },
};
for (const name in actions) $(name).addEventListener('click', actions[name]);
$('stacks').setAttribute('aria-pressed', stacks());

// A click is also what the keyboard makes of Enter on a summary.
$('live').addEventListener('click', event => {
  const summary = event.target.closest('summary');
  if (summary) {
    const {open, parentNode: item} = summary.parentNode;
    const set = $('filter').value.trim() ? folded : collapsed;
    if (open) set.add(item.id); else set.delete(item.id);
    return;
  }
  const link = event.target.closest('a[href^="#"]');
  for (let e = link && $(link.hash.slice(1)); e && e.id !== 'tree'; e = e.parentNode) {
    collapsed.delete(e.id);
    folded.delete(e.id);
    if (e.nodeName === 'DETAILS') e.open = true;
  }
});
$('filter').addEventListener('input', () => {
  folded.clear();
  arrange();
  if (!document.querySelector('.more')) return; // all that could be found is here
  clearTimeout(soon);
  soon = setTimeout(refresh, 200);
});
$('tools').addEventListener('submit', event => event.preventDefault());
document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target === $('filter')) {
    if (event.key === 'Escape') {
      $('filter').value = '';
      folded.clear();
      arrange();
      $('filter').blur();
    }
    return;
  }
  const action = {p: 'pause', c: 'collapse', e: 'expand', s: 'stacks'}[event.key];
  if (event.key === '/') {
    event.preventDefault();
    $('filter').focus();
  } else if (action) {
    actions[action]();
  }
});
arrange();
if (location.protocol !== 'file:') setTimeout(go, every);
