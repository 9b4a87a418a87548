// Papers on the page: save, read, cite; muted and favourite words; density; what is new.
import { addressOf, ask, button, copy, copyAddress, idOf, make, say } from "./page.js";
import { choose, lasting, list, marked, onChange, reader, setList, toggleRead, visited, withMore } from "./store.js";
import { plural } from "./numbers.js";
import { _ } from "./words.js";

const page = document.documentElement;
const kind = document.body.dataset.page;
const known = new WeakMap();

const row = make("p", { className: "own" });
for (const value of ["save", "read", "cite"]) row.append(make("button", { type: "button", value }));
row.lastChild.textContent = _("Copy BibTeX");

/** Return the papers on the page in the order they stand there; the paper of a paper's own page has no link. */
export function papers() {
  return [...document.querySelectorAll(".sheet, .card")].map((card) => known.get(card)).filter(Boolean);
}

/** Give a card the row of what a reader can do with it; return whether it was new. `facts` is what the list keeps of it. */
export function adopt(card, facts) {
  if (known.has(card)) return false;
  const link = card.querySelector(":scope > :is(h2, h3, h4) a");
  const heading = link ?? card.querySelector("h1");
  const id = facts?.id ?? idOf(link?.href ?? location.href);
  if (!id || !heading) return false;
  const paper = { id, title: (heading.ariaLabel ?? heading.textContent).trim(), card, link, facts };
  const mine = row.cloneNode(true);
  mine.lastChild.ariaLabel = `${_("Copy BibTeX")}: ${paper.title}`;
  (card.querySelector(":scope > .lead") ?? card).append(mine);
  known.set(card, paper);
  return true;
}

/** Return what the list keeps of a paper on the page. */
function kept({ id, title, card, facts }) {
  if (facts) return facts;
  const named = (name) => [...document.querySelectorAll(`meta[name="${name}"]`)].map(({ content }) => content);
  const people = kind === "paper" ? named("citation_author") : [...card.querySelectorAll(".by :is(details, span:not(.org)) :is(a, bdi)")].map(({ textContent }) => textContent);
  const date = kind === "paper" ? named("citation_publication_date")[0]?.replaceAll("/", "-") : card.dataset.published;
  return { id, title, by: byline(people), date };
}

/** Return names as a line: the first three, and how many more. */
export function byline(people) {
  const first = people.slice(0, 3).join(", ");
  return people.length > 3 ? _("%(names)s and %(count)s more", { names: first, count: people.length - 3 }) : first;
}

/** Change the list to `papers` and say so; the list as it was can be had back, with what came since. */
export function change(papers, said) {
  const before = list();
  setList(papers);
  say(said, " ", button(_("Undo"), () => {
    const handled = new Set([...before, ...papers].map(({ id }) => id));
    setList([...before, ...list().filter(({ id }) => !handled.has(id))]);
    say(_("As it was."));
  }));
}

export const acts = {
  save(paper) {
    const saved = list();
    const others = saved.filter(({ id }) => id !== paper.id);
    if (others.length < saved.length) return change(others, _("Taken off my list."));
    setList(withMore(saved, [kept(paper)]));
    say(lasting() ? _("Saved to my list.") : _("This browser’s storage is full or closed: saved until this page closes."));
  },
  read: ({ id }) => toggleRead(id),
  async cite({ id }) {
    const answer = await ask(addressOf(id, "papers.bib"));
    if (answer?.ok) await copy(await answer.text(), _("BibTeX copied."));
    else say(_("The BibTeX of this paper did not load."));
  },
};

// What is written without blanks has no boundaries.
const LETTER = "(?![\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}])[\\p{L}\\p{M}\\p{N}]";

function pattern(words) {
  const escaped = words.map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  return words.length ? new RegExp(`(?<!${LETTER})(?:${escaped.join("|")})(?!${LETTER})`, "iu") : null;
}

const textOf = (card) => [...card.querySelectorAll(":is(h2, h3, h4), .by, .abstract, .topics")].map((part) => part.textContent).join("\n");

/** Show what is kept. */
export function show() {
  const { favourites, muted, density } = reader();
  const [saved, read, liked, disliked] = [new Set(list().map(({ id }) => id)), marked(), pattern(favourites), pattern(muted)];
  let folded = 0;
  for (const { card, id, title, link, facts } of papers()) {
    const [save, mark] = card.querySelectorAll(".own > button");
    const set = (made, isOn, text) => {
      made.textContent = text;
      made.ariaLabel = `${text}: ${title}`;
      made.classList.toggle("on", isOn);
    };
    set(save, saved.has(id), saved.has(id) ? _("Saved") : _("Save"));
    set(mark, read.has(id), read.has(id) ? _("Read") : _("Mark read"));
    card.classList.toggle("is-read", read.has(id));
    const place = card.closest(".papers > li");
    if (!link || !place) continue;
    const text = liked || disliked ? textOf(card) : "";
    card.classList.toggle("favourite", Boolean(liked?.test(text)));
    // What one asked for is not held back.
    const isMuted = !facts && kind !== "search" && Boolean(disliked?.test(text)) && !liked?.test(text);
    place.classList.toggle("muted", isMuted);
    folded += isMuted;
  }
  note.hidden = !folded;
  note.firstChild.data = `${plural("%(count)s muted paper", "%(count)s muted papers", folded)} `;
  if (density === "standard") delete page.dataset.density;
  else page.dataset.density = density;
  if (density !== shownAs) {
    for (const fold of document.querySelectorAll(".papers:not(#results) .fold")) fold.open = density === "full";
    if (chooser) chooser.value = density;
    shownAs = density;
  }
}
let shownAs = "standard";
const chooser = document.querySelector("#density");

const unfold = button(_("Show"), () => {
  unfold.textContent = page.classList.toggle("unmuted") ? _("Hide") : _("Show");
});
const note = make("p", { className: "note muting", hidden: true }, "", unfold);
note.prepend(" ");

/** Set a line over the first paper that is new since the last visit, and over the first that is not. */
function divide() {
  const { divider, counted } = reader();
  const dated = papers().flatMap(({ card, link }) => {
    const day = link && card.querySelector(".facts time")?.dateTime;
    const place = card.closest(".papers > li");
    return day && place ? [{ place, day }] : [];
  });
  if (!divider || !dated.length) return;
  const before = visited(dated.reduce((newest, { day }) => (day > newest ? day : newest), ""));
  const isNew = ({ day }) => day > before;
  const count = dated.filter(isNew).length;
  if (!before || !count) return;
  const over = (each, textContent) => each?.place.append(make("p", { className: "divider", textContent }));
  over(dated.find(isNew), plural("%(count)s paper here is new since your last visit", "%(count)s papers here are new since your last visit", count));
  over(dated.slice(dated.findIndex(isNew)).find((each) => !isNew(each)), _("Seen before"));
  if (counted) document.title = `(${count}) ${document.title}`;
}

/** Let a paper's page be passed on, and the forms of its citation be copied. */
function beginPaper(sheet) {
  adopt(sheet);
  sheet.querySelector(".own").append(button(_("Share"), () => {
    const [title, url] = [known.get(sheet).title, location.href.split("#")[0]];
    if (navigator.share) navigator.share({ title, url }).catch(() => {}); // not after all
    else copyAddress(url);
  }));
  for (const form of sheet.querySelectorAll(".citation pre")) {
    form.before(make("p", { className: "own" }, button(_("Copy"), () => copy(form.textContent, _("Copied.")))));
  }
}

/** Let the address of each RSS feed be copied. */
function beginFeeds() {
  for (const formats of document.querySelectorAll(".formats")) {
    const { href, textContent } = formats.querySelector("a");
    const made = button(_("Copy"), () => copyAddress(href));
    made.ariaLabel = `${_("Copy")}: ${textContent}`;
    formats.append(made);
  }
}

/** Give the pages of names a row to like or mute what they are about. */
function beginNames() {
  const heading = document.querySelector(".lead h1");
  const own = make("p", { className: "own" });
  const name = heading.textContent.trim();
  const has = (words) => words.some((word) => word.toLowerCase() === name.toLowerCase());
  for (const [list, off, on] of [["favourites", _("Favourite"), _("A favourite")], ["muted", _("Mute"), _("Muted")]]) {
    const made = button("", () => {
      const words = reader()[list];
      choose({ [list]: has(words) ? words.filter((word) => word.toLowerCase() !== name.toLowerCase()) : [...words, name] });
    });
    const look = () => {
      const isOn = has(reader()[list]);
      made.textContent = isOn ? on : off;
      made.ariaLabel = `${made.textContent}: ${name}`;
      made.classList.toggle("on", isOn);
    };
    onChange(look);
    look();
    own.append(made);
  }
  heading.parentElement.append(own);
}

export function beginCards() {
  const results = document.querySelector("#results");
  const all = () => [...document.querySelectorAll(".papers .card")].filter((card) => adopt(card)).length;
  if (kind === "paper") beginPaper(document.querySelector(".sheet"));
  if (kind === "feeds") beginFeeds();
  if (["topic", "organisation", "author"].includes(kind)) beginNames();
  all();
  if (results) {
    new MutationObserver(() => all() && show()).observe(results, { childList: true, subtree: true });
  } else document.querySelector(".papers")?.before(note);
  chooser?.addEventListener("change", () => choose({ density: chooser.value }));
  chooser?.closest(".controls").classList.add("ready");
  document.addEventListener("click", ({ target }) => {
    const act = target.closest(".own > button")?.value;
    if (act) acts[act](known.get(target.closest(".card, .sheet")));
  });
  divide();
  onChange(show);
  show();
  page.classList.add("ready");
}
