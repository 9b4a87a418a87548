// A hit on the page: the card that the theme made when the site was built, with the words that were asked for marked.
import { W } from "./analysis.js";

const PASSAGE = 260;
const BEFORE = 90;

/** Return the nodes that show `card`; `marks` are words as they are written in it. */
export function shown(card, marks, isWhole) {
  const mould = document.createElement("template");
  mould.innerHTML = card.html;
  const { content } = mould;
  const wanted = pattern(marks);
  for (const fold of content.querySelectorAll("details.fold")) fold.open = true;
  if (!isWhole) shorten(content, passage(card.fields[1], wanted));
  if (wanted) for (const part of content.querySelectorAll("h2, .abstract, .by, .topics")) mark(part, wanted);
  return content;
}

/** Put `text` in the place of the abstract. */
function shorten(content, text) {
  const abstract = content.querySelector(".abstract");
  if (!abstract) return;
  const short = document.createElement("p");
  short.className = "abstract";
  short.dir = "auto";
  short.textContent = text;
  (abstract.closest("details") ?? abstract).replaceWith(short);
}

/** Return the part of `text` around the first word that is `wanted`, else its beginning. */
function passage(text, wanted) {
  const at = wanted ? Math.max(0, text.search(wanted)) : 0;
  const first = at > BEFORE ? text.indexOf(" ", at - BEFORE) + 1 || at : 0;
  const end = text.lastIndexOf(" ", first + PASSAGE);
  const last = text.length <= first + PASSAGE ? text.length : end > at ? end : first + PASSAGE;
  return (first ? "… " : "") + text.slice(first, last) + (last < text.length ? " …" : "");
}

function pattern(words) {
  if (!words.length) return null;
  const escaped = [...words].sort((a, b) => b.length - a.length).map((word) => word.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&"));
  // What is written without blanks has no boundaries.
  return new RegExp(`(?<!${W})(?:${escaped.join("|")})(?!${W})`, "gu");
}

function mark(part, wanted) {
  const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) if (!walker.currentNode.parentElement.closest("math, summary")) texts.push(walker.currentNode);
  for (const text of texts) {
    for (const { 0: word, index } of [...text.data.matchAll(wanted)].reverse()) {
      const found = text.splitText(index);
      found.splitText(word.length);
      const made = document.createElement("mark");
      found.replaceWith(made);
      made.append(found);
    }
  }
}
