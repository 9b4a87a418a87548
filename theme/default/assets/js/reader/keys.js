// Keys: each does what some control on the page does too.
import { acts, papers } from "./cards.js";
import { pageOf, root } from "./page.js";
import { openPreferences } from "./preferences.js";
import { reader } from "./store.js";

/** The card where one is, or was last. */
let last = null;

const go = (address) => address && location.assign(pageOf(address));
const listed = () => papers().filter(({ card, link }) => link && card.offsetParent !== null);
const placeOf = ({ card }) => card.closest("li") ?? card;

function focused() {
  const all = papers();
  const at = document.activeElement;
  return all.find((paper) => paper.link && placeOf(paper).contains(at)) ?? all.find(({ card }) => card === last) ?? all.find(({ link }) => !link);
}

function step(by) {
  const all = listed();
  const at = all.indexOf(focused());
  const next = all[at < 0 ? (by > 0 ? 0 : -1) : at + by];
  if (!next) return;
  last = next.card;
  next.link.focus({ preventScroll: true });
  placeOf(next).scrollIntoView({ block: "nearest" });
}

const onPaper = (act) => () => {
  const paper = focused();
  if (paper) act(paper);
};
const sign = (number) => document.querySelectorAll(".masthead nav > ul a")[number]?.href;
const within = (part, places) => [...document.querySelectorAll(places)].find(({ href }) => href.startsWith(`${root.href}${part}/`))?.href;

/** Return the list one came from, the list of a paper's day, or what is above in the breadcrumb. */
function above() {
  const from = document.referrer;
  if (from.startsWith(root.href) && from !== location.href && document.body.dataset.page === "paper" && !/\/paper\//.test(from)) return from;
  return document.querySelector(".place a")?.href ?? [...document.querySelectorAll(".crumbs a")].at(-1)?.href;
}

function findBox() {
  const box = document.querySelector("#q, [data-page=feeds] #narrow") ?? document.querySelector(".seek input");
  box?.focus();
  box?.select();
  if (box && box.offsetParent === null) go(box.form.action);
}

const actions = {
  "?": openPreferences,
  "/": findBox,
  j: () => step(1),
  k: () => step(-1),
  o: onPaper(({ link }) => go(link?.href)),
  s: onPaper((paper) => acts.save(paper)),
  m: onPaper((paper) => acts.read(paper)),
  c: onPaper((paper) => acts.cite(paper)),
  x: onPaper(({ card }) => {
    const fold = card.querySelector("details.fold");
    if (fold) fold.open = !fold.open;
    else card.classList.toggle("closed");
  }),
  p: onPaper(({ card }) => go([...card.querySelectorAll(".links a, .actions a")].find(({ textContent }) => textContent.trim() === "PDF")?.href)),
  ArrowLeft: () => go(document.querySelector("link[rel=prev]")?.href),
  ArrowRight: () => go(document.querySelector("link[rel=next]")?.href),
  t: () => go(root.href),
  d: () => go(within("day", ".crumbs a, .place a, .section a") ?? sign(0)),
  w: () => go(within("week", ".crumbs a") ?? sign(1)),
  u: () => go(above()),
};

export function beginKeys() {
  addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing || !Object.hasOwn(actions, key)) return;
    if (!(target instanceof Element) || target.closest("input:not([type=checkbox]), textarea, select, [contenteditable], dialog")) return;
    // What scrolls, or has arrows of its own, keeps them.
    if (key.startsWith("Arrow") && target.closest("table, canvas, [role=region], [role=application]")) return;
    if (!reader().keys) return;
    event.preventDefault();
    actions[key]();
  });
}
