// The search page: its state is its address, its work is a worker's, its results are the cards of every other page.
// What it says stands in the template, where it can be translated.
import { key } from "./analysis.js";
import { shown } from "./hit.js";

const PER_PAGE = 10;
const PAUSE = 150;
const MOST_SAVED = 100;
const TOOLS = 2000;
const NAMES = ["author", "topic", "org", "subject"];
const HAVING = ["code", "pdf"];
const LIST = "broadsheet:list:";
const ABSTRACTS = "broadsheet:abstracts";

const $ = (id) => document.getElementById(id);
/** Return the parts of a string of the template with `values`, text or elements, in the places of their names. */
const parts = (text, values) => text.split(/%\((\w+)\)s/).map((part, place) => (place % 2 ? values[part] : part));
const said = (text, values) => parts(text, values).join("");
// Only a number that needs it wakes the browser's tables of languages, which takes longer than all else here.
const number = (value) => (value < 1000 ? `${value}` : value.toLocaleString(words.language));
const sheet = () => document.querySelector(".search");
const short = (text) => (text.length > 120 ? text.slice(0, 120) + "…" : text);

let words;
let root;
let index;
let worker;
let asked = 0;
let timer;
let current;
const waiting = new Map();

/** Make the page work, and show what its address asks for. */
export function start() {
  words = JSON.parse($("words").textContent);
  root = new URL(sheet().dataset.root, location.href);
  // The page's head asked for it already: so it is here before the worker is.
  index = fetch(new URL("search/index.bin", root)).then((response) => (response.ok ? response.arrayBuffer() : null)).catch(() => null);
  $("filters").open = matchMedia("(min-width: 60rem)").matches;
  $("abstracts").value = stored(ABSTRACTS) ?? "whole";
  $("mine").hidden = !listed().length;
  listen();
  sheet().classList.add("ready");
  history.scrollRestoration = "manual";
  restore({ jumps: true });
  if (!$("q").value) $("q").focus();
}

/** Ask the worker; `heard` gets each of its answers until the next question of the same kind. */
function ask(kind, question, heard) {
  worker ??= begun();
  const id = ++asked;
  waiting.set(kind, { id, heard });
  worker.postMessage({ id, ask: kind, ...question });
}

function begun() {
  const made = new Worker(import.meta.url, { type: "module" });
  index.then((data) => made.postMessage({ root: root.href, index: data }, data ? [data] : []));
  made.addEventListener("message", ({ data }) => {
    for (const { id, heard } of waiting.values()) if (id === data.id) heard(data);
  });
  made.addEventListener("error", () => {
    for (const { heard } of waiting.values()) heard({ error: "worker" });
  });
  return made;
}

// --- state -------------------------------------------------------------------------------------------------------------

/** Return what the form asks for as the query part of an address; the first order needs no words. */
function chosen() {
  const state = new URLSearchParams();
  for (const [name, value] of new FormData($("search"))) {
    if (value.trim() && value !== "relevance") state.set(name, value.trim());
  }
  return state;
}

/** Fill the form from the address, and show what it asks for. */
function restore(how) {
  const state = new URLSearchParams(location.search);
  for (const field of $("search").elements) {
    if (field.type === "checkbox") field.checked = state.has(field.name);
    else if (field.name) field.value = state.get(field.name) ?? "";
  }
  $("sort").value ||= "relevance";
  if (state.has("list")) $("mine").hidden = false;
  show(state, { top: history.state?.top, ...how });
}

/** Show what `state` asks for under an address of its own; while one types that is one address. */
function go(state, how = {}) {
  const address = location.pathname + (`${state}` && "?") + state;
  if (how.isTyped) history.replaceState(null, "", address);
  else if (address !== location.pathname + location.search) history.pushState(null, "", address);
  show(state, how);
}

/** Return the filters as clauses of the query language. */
function filter(state) {
  const named = (name) => (state.get(name) ?? "").replace(/["“”„‟«»]/g, " ").trim();
  const [from, to] = ["from", "to"].map((name) => named(name).match(/^\d{4}-\d\d$/)?.[0]);
  return [
    ...NAMES.filter(named).map((name) => `${name}:"${named(name)}"`),
    ...(from || to ? [`day:${from ?? "0001-01"}..${to ?? "9999-12"}`] : []),
    ...HAVING.filter((name) => state.has(name)).map((name) => "has:" + name),
  ].join(" ");
}

/** Return the question that `state` is for the worker. */
function question(state, start, count) {
  const ids = state.has("list") ? listed() : null;
  return { text: (state.get("q") ?? "").trim(), options: { filter: filter(state), ids, sort: state.get("sort") ?? "relevance", start, count } };
}

/** Return the ids of the papers in the reader's list. */
function listed() {
  try {
    return JSON.parse(stored(LIST + root.pathname)).papers.map(({ id }) => id).filter((id) => typeof id === "string");
  } catch {
    return []; // there is none
  }
}

function stored(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // a browser may keep nothing
  }
}

// --- results -----------------------------------------------------------------------------------------------------------

function show(state, { jumps, isTyped, top = 0 } = {}) {
  const page = Math.max(1, Math.min(1e4, parseInt(state.get("page"), 10) || 1));
  const asking = question(state, (page - 1) * PER_PAGE, PER_PAGE);
  const { text, options } = asking;
  const filters = ["from", "to", "list", ...NAMES, ...HAVING].filter((name) => state.get(name)).length;
  current = state;
  document.title = document.title.replace(/^(.*? · )?/, () => (text && text.slice(0, 80) + " · "));
  $("narrowed").textContent = filters ? ` (${filters})` : "";
  waiting.delete("search");
  if (!text && !options.filter && !options.ids) {
    cleared("");
    $("start").hidden = false;
    return scrollTo(0, top);
  }
  if (!isTyped) $("count").textContent = words.searching;
  let left;
  ask("search", asking, (answer) => {
    const { result } = answer;
    if (answer.error) {
      cleared(sheet().dataset.failed);
      note(again());
      $("start").hidden = false;
    } else if (result?.jump && jumps) location.replace(new URL(result.jump, root));
    else if (result) {
      left = result.hits.length;
      told(result, text, page, filters);
      if (!isTyped && !top) scrollTo(0, 0);
    } else if (left) {
      place(answer);
      if (!--left && top) scrollTo(0, top);
    }
  });
}

function cleared(count) {
  for (const id of ["results", "notes"]) $(id).replaceChildren();
  for (const id of ["start", "save", "hints", "pages"]) $(id).hidden = true;
  $("count").textContent = count;
  // The reader's tools weigh as much as all scripts of search: results come first.
  setTimeout(() => document.head.append($("tools").content), TOOLS);
}

/** Say how many papers there are, make room for their cards, and say what to do next. */
function told(result, text, page, filters) {
  const { total, hits, corrected, missing } = result;
  cleared(counted(result, text));
  for (const [from, to] of corrected) note(...parts(words.corrected, { from: short(from), to }));
  if (missing.length) note(said(words.missing, { parts: missing.map((part) => words.parts[part] ?? said(words.years, { years: part })).join(", ") }), " ", again());
  const first = 1 + (page - 1) * PER_PAGE;
  $("results").start = first;
  $("results").append(...hits.map((_, place) => made("li", { value: first + place, id: `p${first + place}`, className: "coming" })));
  const plain = text.replace(/\b\w+:(?=\S)|["“”„‟«»+:~*^-]/g, " ").trim();
  way("bare", filters && text && { q: text });
  way("plain", plain !== text && plain && { q: plain });
  if ($("source")) $("source").href = $("source").dataset.address + encodeURIComponent(plain);
  const pages = Math.ceil(total / PER_PAGE);
  const to = (page) => ({ ...Object.fromEntries(current), page });
  way("previous", page > 1 && to(page - 1));
  way("next", page < pages && to(page + 1));
  $("where").textContent = said(words.page, { number: number(page), total: number(pages) });
  $("most").textContent = total > MOST_SAVED ? said(words.first, { count: MOST_SAVED }) : words.save;
  $("hints").hidden = total;
  $("save").hidden = !total;
  $("pages").hidden = pages < 2;
}

/** Let a link of the template lead to a search, or away with it. */
function way(id, state) {
  $(id).hidden = !state;
  if (state) $(id).firstElementChild.href = "?" + new URLSearchParams(state);
}

function counted({ total, matching, about, seconds }, text) {
  const forms = words.papers;
  // Most languages have two forms: only others wake the browser's tables.
  const form = Object.keys(forms).length > 2 ? new Intl.PluralRules(words.language).select(matching) : matching === 1 ? "one" : "other";
  let papers = matching ? said(forms[form] ?? forms.other, { count: number(matching) }) : words.none;
  if (about) papers = said(words.about, { papers });
  if (text) papers = said(words.query, { papers, query: short(text) });
  if (matching < total) papers = said(words.more, { papers, count: number(total - matching) });
  return `${papers} (${seconds.toFixed(2).replace(".", words.point)} s)`;
}

/** Put the card of one hit into its place, and tell of names in it that were asked for. */
function place({ place, card, marks }) {
  const line = $("results").children[place];
  line.className = "";
  if (!card) return line.append(made("p", {}, words.absent, " ", again()));
  line.append(made("a", { className: "no", href: "#" + line.id, title: said(words.link, { number: line.value }) }, line.value));
  line.append(shown(card, marks, $("abstracts").value === "whole"));
  const keys = ["q", ...NAMES].map((name) => key(current.get(name) ?? "")).filter(Boolean);
  for (const { href, textContent } of line.querySelectorAll(".by a, .topics a")) {
    if (!keys.includes(key(textContent)) || $("notes").textContent.includes(textContent)) continue;
    const line = note(...parts(words.all, { name: made("a", { href }, textContent) }));
    const feed = new URL("feed.xml", href);
    fetch(feed, { method: "HEAD" }).then(({ ok }) => ok && line.append(" ", made("a", { href: feed }, words.feed))).catch(() => {});
  }
}

// --- saved -------------------------------------------------------------------------------------------------------------

const FORMS = {
  bib: ({ url }) => fetch(new URL(url + "papers.bib", root)).then((response) => (response.ok ? response.text() : Promise.reject())),
  md: ({ url, fields }) => `- [${fields[0].replace(/[\\\x60*_[\]<>$&~|]/g, "\\$&").replace(/\s+/g, " ")}](<${new URL(url, root)}>)\n`,
  txt: ({ id }) => id + "\n",
};

/** Save the first results as a file that is made here. */
function save(form) {
  $("saved").textContent = "…";
  ask("collect", question(current, 0, MOST_SAVED), async ({ cards }) => {
    try {
      const file = new Blob(await Promise.all(cards.map(FORMS[form])));
      const way = made("a", { href: URL.createObjectURL(file), download: "papers." + form });
      way.click();
      setTimeout(() => URL.revokeObjectURL(way.href), 1000);
      $("saved").textContent = said(words.saved, { count: number(cards.length), file: way.download });
    } catch {
      $("saved").textContent = words.unsaved;
    }
  });
}

// --- pieces ------------------------------------------------------------------------------------------------------------

function made(tag, properties, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function note(...parts) {
  const line = made("p", {}, ...parts);
  $("notes").append(line);
  return line;
}

const again = () => made("a", { href: "?" + current }, words.again);

function choices(id, values) {
  $(id).replaceChildren(...values.map((value) => made("option", { value })));
}

// --- what a reader does ------------------------------------------------------------------------------------------------

/** What is typed is searched for after a pause, but on a slow or dear line only when it is sent. */
function typed() {
  const { value } = $("q");
  const [text] = value.match(/[\p{L}\p{M}\p{N}]{2,}$/u) ?? [];
  if (text) ask("suggest", { text }, ({ offers = [] }) => choices("offers", offers.map((word) => value.slice(0, -text.length) + word)));
  const { saveData, effectiveType = "4g" } = navigator.connection ?? {};
  if (!saveData && effectiveType === "4g" && [...value.trim()].length !== 1) go(chosen(), { isTyped: true });
}

function pressed(event) {
  const { key, target } = event;
  if (event.defaultPrevented || isElsewhere(event)) return;
  if (key === "Escape") {
    event.preventDefault();
    $("q").focus();
    if (target !== $("q")) return;
    target.value = "";
    choices("offers", []);
    go(chosen());
  }
}

/** Return whether an event asks for another tab or window. */
const isElsewhere = (event) => event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;

function listen() {
  const form = $("search");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    go(chosen(), { jumps: true });
    $("count").focus({ preventScroll: true });
  });
  $("q").addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(typed, PAUSE);
  });
  for (const field of form.elements) {
    if (field === $("q")) continue;
    if (field.name) field.addEventListener("change", () => go(chosen()));
    if (field.list) field.addEventListener("focus", fill, { once: true });
  }
  $("abstracts").addEventListener("change", ({ target }) => {
    try {
      localStorage.setItem(ABSTRACTS, target.value);
    } catch {
      // then it is forgotten
    }
    show(current);
  });
  $("save").addEventListener("click", ({ target }) => target.value && save(target.value));
  // Links to searches need no new page.
  sheet().addEventListener("click", (event) => {
    const way = event.target.closest("a[href^='?']");
    if (!way || isElsewhere(event)) return;
    event.preventDefault();
    history.pushState(null, "", way.href);
    restore();
    $("count").focus({ preventScroll: true });
  });
  addEventListener("popstate", () => restore());
  addEventListener("beforeprint", () => {
    $("printed").textContent = `${$("q").value} ${filter(current)} · ${new Date().toLocaleDateString(words.language)}`;
  });
  addEventListener("keydown", pressed);
  // Where one was on the page, for Back: its results come later than the browser would look for the place.
  let scrolled;
  addEventListener("scroll", () => {
    clearTimeout(scrolled);
    scrolled = setTimeout(() => document.querySelector(".coming") || history.replaceState({ top: scrollY }, ""), PAUSE);
  });
}

function fill() {
  ask("facets", {}, ({ facets = {} }) => {
    for (const kind in facets) choices(kind + "s", facets[kind].map(([name]) => name));
  });
}
