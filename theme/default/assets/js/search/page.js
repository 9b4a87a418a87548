// The search page: its state is its address, its work is a worker's, its results are the cards of every other page.
const PER_PAGE = 10;
const PAUSE = 150;
const sheet = document.querySelector(".search");
const root = new URL(sheet.dataset.root, location.href);
const form = document.querySelector("#search");
const box = form.elements.q;
const [count, results, start, pager, notes] = ["count", "results", "start", "pages", "notes"].map((id) => document.getElementById(id));
const language = document.documentElement.lang || "en";
const number = (value) => value.toLocaleString(language);

let worker;
let asked = 0;
const waiting = new Map();

/** Ask the worker; `heard` gets each of its answers until the next question of the same kind. */
function ask(kind, question, heard) {
  if (!worker) {
    worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
    worker.postMessage({ root: root.href });
    worker.addEventListener("message", ({ data }) => {
      for (const { id, heard } of waiting.values()) if (id === data.id) heard(data);
    });
    worker.addEventListener("error", () => {
      for (const { heard } of waiting.values()) heard({ error: "worker" });
    });
  }
  const id = ++asked;
  waiting.set(kind, { id, heard });
  worker.postMessage({ id, ask: kind, ...question });
}

// --- state ---------------------------------------------------------------------------------------------------------

/** Return what the form asks for as the query part of an address; the first page and the first order need no words. */
function chosen(page = 1) {
  const state = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value.trim() && !(name === "sort" && value === "relevance")) state.set(name, value.trim());
  }
  if (page > 1) state.set("page", page);
  return state;
}

/** Fill the form from the address, and show what it asks for. */
function restore({ jumps = false } = {}) {
  const state = new URLSearchParams(location.search);
  for (const field of form.elements) {
    if (!field.name) continue;
    if (field.type === "checkbox") field.checked = state.has(field.name);
    else field.value = state.get(field.name) ?? (field.name === "sort" ? "relevance" : "");
  }
  if (!form.elements.sort.value) form.elements.sort.value = "relevance";
  show(state, { jumps });
}

function go(state, options) {
  if (`?${state}` !== location.search && (state.size ?? `${state}`)) history.pushState(null, "", `?${state}`);
  else if (!`${state}` && location.search) history.pushState(null, "", location.pathname);
  show(state, options);
}

/** Return the filters as clauses of the query language. */
function filter(state) {
  const named = (name) => (state.get(name) ?? "").replace(/["“”„‟«»]/g, " ").trim();
  const [from, to] = [named("from"), named("to")].map((value) => (/^\d{4}-\d\d$/.test(value) ? value : ""));
  return [
    ...["topic", "org"].filter(named).map((name) => `${name}:"${named(name)}"`),
    ...(from || to ? [`day:${from || "0001-01"}..${to || "9999-12"}`] : []),
    ...(state.has("code") ? ["has:code"] : []),
  ].join(" ");
}

// --- results -------------------------------------------------------------------------------------------------------

function show(state, { jumps = false } = {}) {
  const text = (state.get("q") ?? "").trim();
  const filters = filter(state);
  const page = Math.max(1, Math.min(1e4, parseInt(state.get("page") ?? "1", 10) || 1));
  const sort = ["newest", "votes"].includes(state.get("sort")) ? state.get("sort") : "relevance";
  document.title = document.title.replace(/^(.*? · )?/, text ? `${text.slice(0, 80)} · ` : "");
  results.replaceChildren();
  pager.replaceChildren();
  notes.replaceChildren();
  start.hidden = Boolean(text || filters);
  waiting.delete("search");
  if (!start.hidden) {
    count.textContent = "";
    return;
  }
  count.textContent = "Searching…";
  const options = { filter: filters, sort, start: (page - 1) * PER_PAGE, count: PER_PAGE };
  ask("search", { text, options }, (answer) => {
    if (answer.error) failed(state);
    else if (answer.result) {
      if (answer.result.jump && jumps) location.assign(new URL(answer.result.jump, root));
      else told(answer.result, text, state, page);
    } else place(answer);
  });
}

/** Say how many papers there are, make room for their cards, and say what to do next. */
function told(result, text, state, page) {
  const { total, hits, corrected, missing } = result;
  count.textContent = counted(result, text);
  for (const [from, to] of corrected) notes.append(paragraph(`No paper has “${short(from)}”; these have “${to}”.`));
  if (missing.length) {
    const again = link("Try again", () => show(state));
    notes.append(paragraph("Parts of the index did not come, so papers may be missing here. ", again));
  }
  if (!total) notes.append(hints(text, state));
  results.start = 1 + (page - 1) * PER_PAGE;
  hits.forEach((_, place) => {
    const line = document.createElement("li");
    line.value = results.start + place;
    line.id = `p${line.value}`;
    line.className = "coming";
    results.append(line);
  });
  const pages = Math.ceil(total / PER_PAGE);
  if (pages > 1) pager.append(steps(state, page, pages));
}

function counted({ total, matching, about }, text) {
  const papers = (many) => `${about ? "About " : ""}${many ? number(many) : "No"} ${many === 1 ? "paper" : "papers"}`;
  const asked = text ? ` for “${short(text)}”` : "";
  if (matching === total) return papers(total) + asked;
  return `${papers(matching)}${asked}; ${number(total - matching)} more with some of its words`;
}

/** Put the card of one hit into its place, its words marked. */
function place({ place, card, marks }) {
  const line = results.children[place];
  if (!line) return;
  line.className = "";
  if (!card) {
    line.append(paragraph("This paper did not come. Load the page again to see it."));
    return;
  }
  const mould = document.createElement("template");
  mould.innerHTML = card.html; // made by the theme when the site was built, like every page
  const self = document.createElement("a");
  self.className = "no";
  self.href = `#${line.id}`;
  self.title = `Link to number ${line.value}`;
  self.textContent = line.value;
  for (const fold of mould.content.querySelectorAll("details.fold")) fold.open = true;
  mark(mould.content, marks);
  line.append(self, mould.content);
}

function failed(state) {
  count.textContent = "The search index did not load.";
  const ways = [...document.querySelectorAll("#ways a")].flatMap((way) => [" ", way.cloneNode(true)]);
  notes.append(paragraph(link("Try again", () => show(state)), " or look here:", ...ways));
}

function hints(text, state) {
  const list = document.createElement("ul");
  const add = (...parts) => {
    const line = document.createElement("li");
    line.append(...parts);
    list.append(line);
  };
  if (filter(state)) {
    const bare = new URLSearchParams(text ? { q: text } : {});
    add(link("Search without the filters", () => (history.pushState(null, "", `?${bare}`), restore()), `?${bare}`));
  }
  if (/["+:-]/.test(text)) {
    const bare = new URLSearchParams({ q: text.replace(/["“”„‟«»+:~*^-]/g, " ").trim() });
    add(link("Search for these as plain words", () => (history.pushState(null, "", `?${bare}`), restore()), `?${bare}`));
  }
  add("Use fewer or other words; ", "word* finds words that begin so, and word~ words spelled nearly so.");
  return list;
}

function steps(state, page, pages) {
  const list = document.createElement("ul");
  const add = (name, to, rel) => {
    const line = document.createElement("li");
    if (to) {
      const next = new URLSearchParams(state);
      if (to > 1) next.set("page", to);
      else next.delete("page");
      const way = link(name, () => (go(next), sheet.scrollIntoView(), count.focus()), `?${next}`);
      if (rel) way.rel = rel;
      line.append(way);
    } else line.textContent = name;
    list.append(line);
  };
  if (page > 2) add("First", 1);
  if (page > 1) add("Previous", page - 1, "prev");
  add(`Page ${number(page)} of ${number(pages)}`);
  if (page < pages) add("Next", page + 1, "next");
  return list;
}

// --- marked words --------------------------------------------------------------------------------------------------

/** Mark `words`, as they are written in this card, in its title, abstract and names. */
function mark(content, words) {
  if (!words.length) return;
  const longestFirst = [...words].sort((a, b) => b.length - a.length);
  const escaped = longestFirst.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  // What is written without blanks has no boundaries.
  const letter = "(?![\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}])[\\p{L}\\p{M}\\p{N}]";
  const wanted = new RegExp(`(?<!${letter})(?:${escaped.join("|")})(?!${letter})`, "gu");
  for (const part of content.querySelectorAll("h2, .abstract, .by, .topics")) {
    const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("math, summary")) texts.push(walker.currentNode);
    for (const text of texts) marked(text, wanted);
  }
}

function marked(node, wanted) {
  for (const { 0: word, index } of [...node.data.matchAll(wanted)].reverse()) {
    const found = node.splitText(index);
    found.splitText(word.length);
    const made = document.createElement("mark");
    found.replaceWith(made);
    made.append(found);
  }
}

// --- pieces --------------------------------------------------------------------------------------------------------

const short = (text) => (text.length > 120 ? `${text.slice(0, 120)}…` : text);

function paragraph(...parts) {
  const made = document.createElement("p");
  made.append(...parts);
  return made;
}

/** Return a link that does its work here unless it is opened elsewhere. */
function link(name, act, href = location.href) {
  const made = document.createElement("a");
  made.href = href;
  made.textContent = name;
  made.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    act();
  });
  return made;
}

// --- while typing --------------------------------------------------------------------------------------------------

function offer() {
  const last = box.value.match(/[\p{L}\p{M}\p{N}]+$/u)?.[0] ?? "";
  if (last.length < 2) return;
  ask("suggest", { text: last }, ({ offers = [] }) => {
    const head = box.value.replace(/[\p{L}\p{M}\p{N}]+$/u, "");
    options(document.getElementById("offers"), offers.map((word) => head + word));
  });
}

function options(list, values) {
  list.replaceChildren(...values.map((value) => Object.assign(document.createElement("option"), { value })));
}

function names() {
  ask("facets", {}, ({ facets = {} }) => {
    for (const kind of ["topic", "org"]) options(document.getElementById(`${kind}s`), (facets[kind] ?? []).map(([name]) => name));
  });
}

let timer;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  clearTimeout(timer);
  go(chosen(), { jumps: true });
});
box.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(offer, PAUSE);
});
box.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && box.value) {
    event.preventDefault();
    box.value = "";
    document.getElementById("offers").replaceChildren();
  }
});
for (const field of form.elements) {
  if (field !== box && field.name) field.addEventListener("change", () => go(chosen()));
  if (field.getAttribute("list") && field !== box) field.addEventListener("focus", names, { once: true });
}
document.querySelector("#start").addEventListener("click", (event) => {
  const example = event.target.closest("a[href^='?']");
  if (!example || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, "", example.getAttribute("href"));
  restore();
  box.focus();
});
addEventListener("popstate", () => restore());

document.querySelector(".filters").open = matchMedia("(min-width: 60rem)").matches;
sheet.classList.add("ready");
restore({ jumps: true });
if (!box.value) box.focus();
