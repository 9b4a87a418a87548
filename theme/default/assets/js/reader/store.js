// What a reader keeps, in this browser only: the list ("broadsheet:list", an array of papers, which the search page
// reads too) and everything else ("broadsheet:reader", with its version). Every read asks the browser anew, so that
// several tabs agree; what cannot be written is kept until the page closes, and `lasting()` says so.
const LIST = "broadsheet:list";
const READER = "broadsheet:reader";
const VERSION = 1;
const kept = new Map();
const listeners = [];

function stored(name, isRight, otherwise) {
  if (kept.has(name)) return structuredClone(kept.get(name));
  let text = null;
  try {
    text = localStorage.getItem(name);
    if (text === null) return otherwise;
    const value = JSON.parse(text);
    if (isRight(value)) return value;
  } catch {}
  // What cannot be read is put aside, not lost.
  try {
    if (text !== null) localStorage.setItem(`${name}:unreadable`, text);
  } catch {}
  return otherwise;
}

function keep(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
    kept.delete(name);
  } catch {
    kept.set(name, value);
  }
  for (const listener of listeners) listener();
}

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isText = (value) => typeof value === "string";
const texts = (value) => (Array.isArray(value) ? value.filter(isText) : []);

/** Return whether what was changed last will be there after this page. */
export function lasting() {
  return kept.size === 0;
}

/** Return the papers of a list as they may be kept, from anything: `{id, title, when, note}`, each id once. */
export function papersOf(value) {
  const papers = new Map();
  for (const each of Array.isArray(value) ? value : []) {
    const paper = isText(each) ? { id: each } : isObject(each) ? each : {};
    // An id becomes one folder of an address.
    if (!isText(paper.id) || !/^[^\\?#\s]{1,200}$/.test(paper.id) || /^[./]+$/.test(paper.id) || papers.has(paper.id)) continue;
    const { id, title, when, note } = paper;
    papers.set(id, { id, title: isText(title) ? title : id, when: isText(when) ? when : "", ...(isText(note) && note ? { note } : {}) });
  }
  return [...papers.values()];
}

/** Return the papers of the list, in the order they were saved. */
export function list() {
  return papersOf(stored(LIST, Array.isArray, []));
}

export function setList(papers) {
  keep(LIST, papers);
}

/** Save the paper, or take it off the list. */
export function toggleSaved(paper) {
  const papers = list();
  const others = papers.filter(({ id }) => id !== paper.id);
  setList(others.length < papers.length ? others : [...papers, { ...paper, when: new Date().toISOString() }]);
}

/** Return the reader's choices; what a later version added is in it too and stays. */
export function reader() {
  const found = stored(READER, isObject, {});
  return {
    ...found,
    version: Math.max(Number(found.version) || 0, VERSION),
    theme: ["light", "dark"].includes(found.theme) ? found.theme : "system",
    density: ["compact", "full"].includes(found.density) ? found.density : "standard",
    read: isObject(found.read) ? found.read : {},
    favourites: texts(found.favourites),
    muted: texts(found.muted),
    keys: found.keys !== false,
    divider: found.divider === true,
    visit: isText(found.visit) ? found.visit : "",
    before: isText(found.before) ? found.before : "",
  };
}

export function choose(changes) {
  keep(READER, { ...reader(), ...changes });
}

export function toggleRead(id) {
  const { [id]: was, ...others } = reader().read;
  choose({ read: was ? others : { ...others, [id]: new Date().toISOString().slice(0, 10) } });
}

/** Call `listener` when something changed, here or in another tab. */
export function onChange(listener) {
  listeners.push(listener);
  addEventListener("storage", ({ key }) => (key === null || key.startsWith("broadsheet:")) && listener());
}
