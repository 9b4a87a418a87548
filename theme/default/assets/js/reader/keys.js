// Keys, and the dialog that lists them and holds the reader's choices.
import { make } from "./page.js";
import { acts, papers } from "./papers.js";
import { choose, reader } from "./store.js";

const KEYS = {
  "?": "this list",
  "/": "search",
  "j k": "next, previous paper",
  "o": "open the paper",
  "s": "save or take off the list",
  "m": "mark read or unread",
  "x": "open or close the abstract",
  "c": "copy BibTeX",
  "p": "open the PDF",
  "← →": "previous, next day, week, month, page or paper",
  "t": "today",
  "d w": "newest day, newest week",
  "u": "up to the list",
};
let current = -1;

const go = (link) => link && location.assign(link.href);
const focused = () => {
  const found = papers.findIndex(({ card, link }) => link && card.contains(document.activeElement));
  if (found >= 0) current = found;
  else if (current < 0 && papers[0] && !papers[0].link) return papers[0];
  return papers[current];
};
const step = (by) => {
  focused();
  let next = current + by;
  while (papers[next] && (!papers[next].link || papers[next].card.offsetParent === null)) next += by;
  if (!papers[next]) return;
  current = next;
  papers[next].link.focus();
  papers[next].card.scrollIntoView({ block: "nearest" });
};
const onPaper = (act) => () => {
  const paper = focused();
  if (paper) act(paper);
};
const side = (name) => {
  const link = document.querySelector(`link[rel=${name}]`);
  if (link) location.assign(location.protocol === "file:" ? link.href.replace(/\/$/, "/index.html") : link.href);
};
const period = (number) => go(document.querySelectorAll(".masthead nav > ul a")[number]);

const actions = {
  j: () => step(1),
  k: () => step(-1),
  o: onPaper(({ link }) => go(link)),
  s: onPaper(acts.save),
  m: onPaper(acts.read),
  c: onPaper(acts.cite),
  x: onPaper(({ card }) => {
    const fold = card.querySelector("details.fold");
    if (fold) fold.open = !fold.open;
    else card.classList.toggle("closed");
  }),
  p: onPaper(({ card }) => go([...card.querySelectorAll(".links a, .actions a")].find((link) => link.textContent.trim() === "PDF"))),
  ArrowLeft: () => side("prev"),
  ArrowRight: () => side("next"),
  t: () => go(document.querySelector(".nameplate a")),
  d: () => period(0),
  w: () => period(1),
  u: () => go(document.querySelector(".place a") ?? [...document.querySelectorAll(".crumbs a")].at(-1)),
};
if (document.querySelector("#results")) for (const key of "jko") delete actions[key];

const words = (text) => text.split(",").map((word) => word.trim()).filter(Boolean);
const field = (label, input) => make("label", {}, label, " ", input);

function dialog() {
  const choices = reader();
  const density = make("select", {}, ...["compact", "standard", "full"].map((name) => make("option", { value: name, textContent: name, selected: name === choices.density })));
  const favourites = make("input", { value: choices.favourites.join(", ") });
  const muted = make("input", { value: choices.muted.join(", ") });
  const divider = make("input", { type: "checkbox", checked: choices.divider });
  const keys = make("input", { type: "checkbox", checked: choices.keys });
  density.onchange = () => choose({ density: density.value });
  favourites.onchange = () => choose({ favourites: words(favourites.value) });
  muted.onchange = () => choose({ muted: words(muted.value) });
  divider.onchange = () => choose({ divider: divider.checked });
  keys.onchange = () => choose({ keys: keys.checked });
  const table = make("dl", {}, ...Object.entries(KEYS).flatMap(([key, does]) => [make("dt", {}, ...key.split(" ").flatMap((each) => [make("kbd", { textContent: each }), " "])), make("dd", { textContent: does })]));
  const box = make(
    "dialog", { className: "choices" },
    make("form", { method: "dialog" }, make("h2", { id: "choices", textContent: "Keys and preferences" }), make("button", { textContent: "Close" })),
    table,
    field("Abstracts on lists", density),
    field("Favourite words and topics", favourites),
    field("Muted words and topics", muted),
    field("Show what is new since my last visit", divider),
    field("Keys", keys),
    make("p", { className: "hint", textContent: "Words are separated by commas. All this stays in this browser." }),
  );
  box.setAttribute("aria-labelledby", "choices");
  box.addEventListener("close", () => box.remove());
  document.body.append(box);
  box.showModal();
}

export function beginKeys() {
  const opener = make("button", { type: "button", textContent: "Keys and preferences" });
  opener.addEventListener("click", dialog);
  document.querySelector(".colophon nav ul")?.append(make("li", {}, opener));
  addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    if (!(at instanceof Element) || at.closest("input:not([type=checkbox]), textarea, select, [contenteditable]")) return;
    if (event.key.startsWith("Arrow") && at.closest("table, .scroll, canvas, pre, .formula, [role=region], [role=application]")) return;
    if (!reader().keys) return;
    const action = event.key === "?" ? dialog : Object.hasOwn(actions, event.key) ? actions[event.key] : null;
    if (!action) return;
    event.preventDefault();
    action();
  });
}
