// My list: search, order, notes, export, import, share; and a list that somebody shared, to read and to take over.
import { adopt, byline, change, show } from "./cards.js";
import { addressOf, ask, copy, inTurn, isGone, make, say } from "./page.js";
import { lasting, list, onChange, papersOf, setList, withMore } from "./store.js";
import { papersIn, plural } from "./numbers.js";
import { _ } from "./words.js";

const MOST_SHARED = 500;
const FILES = {
  BibTeX: ["papers.bib", "application/x-bibtex", (texts) => texts.join("\n")],
  RIS: ["papers.ris", "application/x-research-info-systems", (texts) => texts.join("\n")],
  "CSL-JSON": ["papers.csl.json", "application/json", (texts) => JSON.stringify(texts.flatMap((text) => JSON.parse(text)), null, 1)],
};
const text = (paper, name) => paper[name] ?? "";
const ORDERS = {
  saved: (a, b) => text(b, "when").localeCompare(text(a, "when")),
  first: (a, b) => text(a, "when").localeCompare(text(b, "when")),
  newest: (a, b) => text(b, "date").localeCompare(text(a, "date")),
  title: (a, b) => a.title.localeCompare(b.title),
};

function download(name, type, content) {
  const href = URL.createObjectURL(new Blob([content], { type }));
  make("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10000);
}

async function exportAs(title, wanted) {
  const [name, type, joined] = FILES[title];
  say(_("Collecting %(papers)s…", { papers: papersIn(wanted.length) }));
  const texts = await inTurn(wanted, async ({ id }) => {
    const answer = await ask(addressOf(id, name));
    return answer?.ok ? answer.text() : null;
  });
  const found = texts.filter((each) => each !== null);
  if (found.length) download(name.replace("papers", "my-list"), type, joined(found));
  const missed = wanted.filter((paper, place) => texts[place] === null).map(({ id }) => id);
  say(missed.length ? _("%(papers)s exported; these did not load: %(ids)s", { papers: papersIn(found.length), ids: missed.join(", ") }) : _("%(papers)s exported.", { papers: papersIn(found.length) }));
}

const inMarkdown = (words) => words.replace(/\s+/g, " ").replace(/([\\`*_[\]<>#])/g, "\\$1");
const markdown = (wanted) => wanted.map(({ id, title, by, note }) => `- [${inMarkdown(title)}](${addressOf(id)})${by ? `, ${inMarkdown(by)}` : ""}${note ? `: ${inMarkdown(note)}` : ""}\n`).join("");
const shareLink = (wanted) => `${location.href.split("#")[0]}#ids=${wanted.map(({ id }) => encodeURIComponent(id)).join(",")}`;

async function take(file) {
  try {
    const found = JSON.parse(await file.text());
    const more = papersOf(found?.papers ?? found);
    if (!more.length) throw new Error(_("there are no papers in it"));
    const all = withMore(list(), more);
    change(all, _("%(papers)s added.", { papers: papersIn(all.length - list().length) }));
  } catch (error) {
    say(_("This file is no list of papers: %(reason)s", { reason: error.message }));
  }
}

/** Return what the page of a paper says of it; nothing where there is none, and an empty object where one cannot know. */
async function factsOf(id) {
  const answer = await ask(addressOf(id));
  if (isGone(answer)) return null;
  if (!answer?.ok) return {};
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const named = (name) => [...page.querySelectorAll(`meta[name="${name}"]`)].map(({ content }) => content);
  const date = named("citation_publication_date")[0]?.replaceAll("/", "-");
  return { title: named("citation_title")[0], by: byline(named("citation_author")), ...(date ? { date } : {}) };
}

/** Say that a paper is gone, once one sees its place and knows; give it a title where it has none. */
const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    seen.unobserve(target);
    target.look();
  }
});

function itemOf(paper, isMine) {
  const { id, when } = paper;
  const heading = make("a", { href: addressOf(id), dir: "auto" });
  const facts = make("p", { className: "facts" });
  const by = make("p", { className: "by", dir: "auto" });
  const card = make("article", { className: "card" }, make("h2", {}, heading), by, make("div", { className: "meta" }, facts));
  const item = make("li", {}, card);
  const tell = () => {
    heading.textContent = paper.title;
    by.textContent = text(paper, "by");
    facts.textContent = [paper.date && _("Published %(date)s", { date: paper.date }), isMine && when && _("saved %(date)s", { date: when.slice(0, 10) })].filter(Boolean).join(" · ");
  };
  item.look = async () => {
    const isKnown = paper.title !== id;
    const found = isKnown ? (isGone(await ask(addressOf(id), "HEAD")) ? null : {}) : await factsOf(id);
    if (!found) {
      item.gone = true;
      heading.removeAttribute("href");
      card.append(make("p", { className: "badge", textContent: _("%(id)s is no longer in this archive", { id }) }));
    } else if (found.title) {
      Object.assign(paper, found);
      tell();
      if (isMine) setList(list().map((each) => (each.id === id ? { ...each, ...found } : each)));
    }
    return item;
  };
  if (isMine) {
    const note = make("textarea", { value: text(paper, "note"), rows: 2, ariaLabel: _("Note on %(title)s", { title: paper.title }), placeholder: _("Note") });
    note.addEventListener("change", () => setList(list().map((each) => (each.id === id ? { ...each, note: note.value } : each))));
    item.refresh = (fresh) => document.activeElement !== note && (note.value = text(fresh, "note"));
    item.addEventListener("keydown", ({ key, target }) => key === "Delete" && target !== note && change(list().filter((each) => each.id !== id), _("Taken off my list.")));
    card.append(note);
  }
  tell();
  adopt(card, paper);
  seen.observe(item);
  return item;
}

/** Return the ids that an address shares, or nothing. */
function sharedIn(hash) {
  const part = hash.match(/^#ids=(.*)$/)?.[1];
  return part?.split(",").slice(0, MOST_SHARED).flatMap((id) => {
    try {
      return [decodeURIComponent(id)];
    } catch {
      return [];
    }
  });
}

export function beginList() {
  const form = document.querySelector("#my-list");
  if (!form) return;
  const [place, total] = [form.querySelector(".papers"), form.querySelector(".total")];
  const { search, order, file } = form.elements;
  const items = new Map();
  // What the page shows: of my own list, what the search found; else what somebody shared.
  let shown = [];
  let others = null;

  function showMine() {
    const saved = list();
    const wanted = search.value.trim().toLowerCase();
    shown = saved.filter(({ id, title, by = "", note = "" }) => `${id} ${title} ${by} ${note}`.toLowerCase().includes(wanted)).sort(ORDERS[order.value]);
    const size = Math.ceil(JSON.stringify(saved).length / 1000);
    const count = shown.length < saved.length ? _("%(shown)s of %(papers)s", { shown: shown.length, papers: papersIn(saved.length) }) : papersIn(saved.length);
    said(saved.length ? [_("%(papers)s, %(size)s kB in this browser.", { papers: count, size }), ...(lasting() ? [] : [_("Its storage is full or closed: this lasts until the page closes.")])].join(" ") : _("Nothing saved yet."));
    form.classList.toggle("empty", !saved.length);
    const ids = new Set(saved.map(({ id }) => id));
    for (const id of items.keys()) if (!ids.has(id)) items.delete(id);
    for (const paper of saved) {
      if (!items.has(paper.id)) items.set(paper.id, itemOf({ ...paper }, true));
      items.get(paper.id).refresh(paper);
    }
    put(shown.map(({ id }) => items.get(id)));
  }

  /** Show `wanted`; focus stays where it was, or goes to what stands there now. */
  function put(wanted) {
    if (wanted.length === place.children.length && wanted.every((item, at) => item === place.children[at])) return;
    const focus = document.activeElement;
    const at = [...place.children].findIndex((item) => item.contains(focus));
    place.replaceChildren(...wanted);
    if (at < 0) return;
    if (place.contains(focus)) focus.focus({ preventScroll: true });
    else (wanted[Math.min(at, wanted.length - 1)]?.querySelector("h2 a") ?? search).focus();
  }

  function said(text) {
    if (total.textContent !== text) total.textContent = text;
  }

  function look() {
    if (!others) showMine();
  }

  function open() {
    const ids = sharedIn(location.hash);
    others = ids ? papersOf(ids).map((paper) => ({ paper, item: itemOf(paper, false) })) : null;
    form.classList.toggle("shared", Boolean(others));
    if (others) {
      said(_("Somebody shared %(papers)s with you. They are not in your list.", { papers: papersIn(others.length) }));
      place.replaceChildren(...others.map(({ item }) => item));
    }
    look();
    show();
  }

  async function addAll() {
    const all = others;
    await inTurn(all.filter(({ paper, item }) => paper.title === paper.id && !item.gone), ({ item }) => item.look());
    const before = list();
    const after = withMore(before, all.filter(({ item }) => !item.gone).map(({ paper }) => paper));
    location.hash = "";
    change(after, _("%(papers)s added.", { papers: papersIn(after.length - before.length) }));
  }

  const acts = {
    ...Object.fromEntries(Object.keys(FILES).map((title) => [title, () => exportAs(title, shown)])),
    Markdown: () => download("my-list.md", "text/markdown", markdown(shown)),
    JSON: () => download("my-list.json", "application/json", JSON.stringify({ version: 1, papers: shown }, null, 1)),
    share: () => copy(shareLink(shown), _("Link copied: it holds the ids of the papers and nothing else.")),
    clear: () => confirm(plural("Take %(count)s paper off the list?", "Take all %(count)s papers off the list?", list().length)) && change([], _("The list is empty.")),
    add: addAll,
    own: () => {
      location.hash = "";
    },
  };
  form.addEventListener("click", ({ target }) => acts[target.value]?.());
  form.addEventListener("submit", (event) => event.preventDefault());
  for (const [field, event] of [[search, "input"], [order, "change"]]) {
    field.addEventListener(event, () => {
      look();
      show();
    });
  }
  file.addEventListener("change", async () => {
    if (file.files[0]) await take(file.files[0]);
    file.value = "";
  });
  addEventListener("hashchange", open);
  onChange(look);
  open();
  form.hidden = false;
}
