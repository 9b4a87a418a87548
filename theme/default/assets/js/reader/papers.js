// Cards and papers: save, read, cite; muted and favourite words; density; what is new.
import { addressOf, copy, idOf, make, say } from "./page.js";
import { lasting, list, onChange, reader, toggleRead, toggleSaved } from "./store.js";

const whole = document.querySelector('[data-page="paper"] article.sheet');
/** Cards with their ids, in the order of the page; the paper of a paper's own page comes first. */
export const papers = [...(whole ? [whole] : []), ...document.querySelectorAll(".papers .card")].flatMap((card) => {
  const link = card === whole ? null : card.querySelector(":is(h2, h3, h4) a");
  const id = idOf(link?.href ?? location.href);
  const title = (link?.ariaLabel ?? (link ?? card.querySelector("h1")).textContent).trim();
  return id ? [{ card, link, id, title }] : [];
});
const row = make("p", { className: "own" });
for (const [value, text] of [["save", "Save"], ["read", "Mark read"], ["cite", "Copy BibTeX"]]) row.append(make("button", { type: "button", value, textContent: text }));

export const acts = {
  save: ({ id, title }) => {
    toggleSaved({ id, title });
    const isSaved = list().some((paper) => paper.id === id);
    say(isSaved ? "Saved to my list." : "Taken off my list.", lasting() ? "" : " This browser’s storage is full or closed: it lasts until this page does.");
  },
  read: ({ id }) => toggleRead(id),
  cite: async ({ id }) => {
    const answer = await fetch(addressOf(id, "papers.bib")).catch(() => null);
    if (answer?.ok) await copy(await answer.text(), "BibTeX copied.");
    else say("The BibTeX of this paper did not load.");
  },
};

function pattern(words) {
  const escaped = words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return words.length ? new RegExp(`(?<![\\p{L}\\p{N}])(${escaped.join("|")})(?![\\p{L}\\p{N}])`, "iu") : null;
}

function show() {
  const { read, favourites, muted, density } = reader();
  const saved = new Set(list().map(({ id }) => id));
  const [liked, disliked] = [pattern(favourites), pattern(muted)];
  if (density === "standard") delete document.documentElement.dataset.density;
  else document.documentElement.dataset.density = density;
  let folded = 0;
  for (const { card, id } of papers) {
    card.classList.toggle("is-read", Object.hasOwn(read, id));
    const set = (name, isOn, text) => {
      const button = card.querySelector(`.own [value=${name}]`);
      button.textContent = text;
      button.classList.toggle("on", isOn);
    };
    set("save", saved.has(id), saved.has(id) ? "Saved" : "Save");
    set("read", Object.hasOwn(read, id), Object.hasOwn(read, id) ? "Read" : "Mark read");
    if (card === whole) continue;
    const text = liked || disliked ? card.textContent : "";
    const place = card.closest("li");
    card.classList.toggle("favourite", Boolean(liked?.test(text)));
    place.classList.toggle("muted", Boolean(disliked?.test(text)));
    folded += place.classList.contains("muted");
    const fold = card.querySelector("details.fold");
    if (fold && density === "full") fold.open = true;
  }
  note.hidden = !folded;
  note.firstChild.data = `${folded} muted ${folded === 1 ? "paper" : "papers"} `;
}

const unfold = make("button", { type: "button", textContent: "Show" });
const note = make("p", { className: "note", hidden: true }, " ", unfold);
unfold.addEventListener("click", () => {
  unfold.textContent = document.documentElement.classList.toggle("unmuted") ? "Fold" : "Show";
});

/** Set a line between what came since the last visit and what was there. */
function divide() {
  const { before } = reader();
  const days = papers.filter(({ link }) => link).map(({ card }) => card.querySelector(".facts time")?.dateTime ?? "");
  const cards = papers.filter(({ link }) => link);
  const old = days.findIndex((day) => day && day <= before);
  if (before && old > 0 && days[0] > before) cards[old].card.before(make("p", { className: "divider", textContent: `New since your last visit: the ${old} above` }));
}

export function begin() {
  for (const paper of papers) {
    const mine = row.cloneNode(true);
    (paper.card.querySelector(":scope > .meta") ?? paper.card.querySelector(".lead") ?? paper.card).append(mine);
    mine.addEventListener("click", ({ target }) => acts[target.value]?.(paper));
  }
  document.querySelector(".papers:not(#results)")?.before(note);
  document.documentElement.classList.add("ready");
  if (reader().divider) divide();
  onChange(show);
  show();
}
