// What a reader keeps, in this browser only, as JSON objects with a version:
//
//     broadsheet:reader         the choices, for all archives of a host: they are about the person
//     broadsheet:list:<path>    the saved papers and the read marks, by the path of the archive's root; search reads it too
//     broadsheet:visit:<path>   which day's list was the newest, and when that was seen
//
// A later version may add names, which stay as they are; one that changed the meaning of a name would need another key.
// Every read asks the browser anew, so that tabs agree. What cannot be read is put aside under the same key with
// ":unreadable" behind it; what cannot be written is kept until the page closes, and `lasting()` says so.
import { root } from "./page.js";

const VERSION = 1;
const READER = "broadsheet:reader";
const LIST = `broadsheet:list:${root.pathname}`;
const VISIT = `broadsheet:visit:${root.pathname}`;
// A visit is over when nothing was opened for so long.
const PAUSE = 2 * 60 * 60 * 1000;

const kept = new Map();
const listeners = [];

const isObject = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const isText = (value) => typeof value === "string";
const texts = (value) => (Array.isArray(value) ? value.filter(isText) : []);
const oneOf = (names, value) => (names.includes(value) ? value : names[0]);

/** Return what is kept under `name`, as `checked` understands it. */
function read(name, checked) {
  if (kept.has(name)) return checked(kept.get(name));
  let text = null;
  let found = {};
  try {
    text = localStorage.getItem(name);
    found = JSON.parse(text) ?? {};
  } catch {} // closed, or broken
  const value = checked(isObject(found) ? found : {});
  const isWhole = text === null || (isObject(found) && Object.keys(found).length && !(found.papers?.length > value.papers?.length));
  try {
    if (!isWhole) localStorage.setItem(`${name}:unreadable`, text);
  } catch {}
  return value;
}

function keep(name, value) {
  try {
    localStorage.setItem(name, JSON.stringify({ ...value, version: Math.max(value.version || 0, VERSION) }));
    kept.delete(name);
  } catch {
    kept.set(name, value);
  }
}

function tell() {
  for (const listener of listeners) listener();
}

/** Return whether the list will still be there after this page. */
export function lasting() {
  return !kept.has(LIST);
}

/** Return papers as they may be kept, from anything: `{id, title, by, date, when, note}`, each id once. */
export function papersOf(value) {
  const papers = new Map();
  for (const each of Array.isArray(value) ? value : []) {
    const paper = isObject(each) ? each : { id: each };
    // An id becomes one folder of an address.
    if (!isText(paper.id) || !/^[^\\?#\s]{1,200}$/.test(paper.id) || /^[./]+$/.test(paper.id) || papers.has(paper.id)) continue;
    const known = Object.entries(paper).filter(([name, text]) => ["by", "date", "when", "note"].includes(name) && isText(text) && text);
    papers.set(paper.id, { id: paper.id, title: isText(paper.title) && paper.title ? paper.title : paper.id, ...Object.fromEntries(known) });
  }
  return [...papers.values()];
}

const library = () => read(LIST, (found) => ({ ...found, papers: papersOf(found.papers), read: isObject(found.read) ? found.read : {} }));

/** Return the papers of the list, in the order they were saved. */
export function list() {
  return library().papers;
}

export function setList(papers) {
  keep(LIST, { ...library(), papers: papersOf(papers) });
  tell();
}

/** Return `papers` with `more` of them, which are saved now. */
export function withMore(papers, more) {
  const when = new Date().toISOString();
  return papersOf([...papers, ...more.map((paper) => ({ when, ...paper }))]);
}

/** Return the ids marked as read. */
export function marked() {
  return new Set(Object.keys(library().read));
}

export function toggleRead(id) {
  const found = library();
  const { [id]: was, ...others } = found.read;
  keep(LIST, { ...found, read: was ? others : { ...others, [id]: new Date().toISOString().slice(0, 10) } });
  tell();
}

/** Return the reader's choices. */
export function reader() {
  return read(READER, (found) => ({
    ...found,
    theme: oneOf(["system", "light", "dark"], found.theme),
    density: oneOf(["standard", "compact", "full"], found.density),
    favourites: texts(found.favourites),
    muted: texts(found.muted),
    keys: found.keys !== false,
    divider: found.divider !== false,
    counted: found.counted === true,
    row: found.row !== false,
    news: isText(found.news) ? found.news : "",
  }));
}

export function choose(changes) {
  keep(READER, { ...reader(), ...changes });
  tell();
}

/** Note a look at lists up to the day `newest`; return the newest day of the visit before, or nothing. */
export function visited(newest) {
  const visit = read(VISIT, (found) => ({ ...found, seen: isText(found.seen) ? found.seen : "", before: isText(found.before) ? found.before : "", at: Number(found.at) || 0 }));
  const now = Date.now();
  const before = Math.abs(now - visit.at) > PAUSE ? visit.seen : visit.before;
  keep(VISIT, { ...visit, before, seen: newest > visit.seen ? newest : visit.seen, at: now });
  return before;
}

/** Call `listener` when something changed, here or in another tab, or while the page was not shown. */
export function onChange(listener) {
  listeners.push(listener);
}

addEventListener("storage", ({ key }) => (key === null || key === READER || key === LIST) && tell());
addEventListener("pageshow", ({ persisted }) => persisted && tell());
