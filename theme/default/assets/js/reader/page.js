// What the tools know of the page they stand on, and how they speak.
import { _ } from "./words.js";

/** The root of the archive. */
export const root = new URL(document.querySelector(".nameplate a").href.replace(/index\.html$/, ""));

// A plain folder has no server that answers for "day/" with "day/index.html".
const file = location.protocol === "file:" ? "index.html" : "";

/** Return the address of a page, from one that may leave out its file. */
export function pageOf(address) {
  return file && address.endsWith("/") ? address + file : address;
}

/** Return the address of the paper `id`, or of a file beside its page. */
export function addressOf(id, name = file) {
  return new URL(`paper/${encodeURIComponent(id.replaceAll("/", "-"))}/${name}`, root).href;
}

/** Return the id in the address of a paper, or nothing. */
export function idOf(address) {
  const { pathname } = new URL(address, location.href);
  const found = pathname.startsWith(root.pathname) && pathname.slice(root.pathname.length).match(/^paper\/([^/]+)\/(index\.html)?$/);
  // Old arXiv ids have a dash in addresses where they have a slash.
  return found ? decodeURIComponent(found[1]).replace(/^([a-z-]+(?:\.[A-Z]{2})?)-(\d{7})$/, "$1/$2") : "";
}

/** Return an element with what it holds; text stays text. */
export function make(tag, properties, ...parts) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...parts);
  return element;
}

/** Return a button that does `act`. */
export function button(textContent, act) {
  const made = make("button", { type: "button", textContent });
  made.addEventListener("click", act);
  return made;
}

const status = make("p", { className: "told" });
status.setAttribute("role", "status");
document.body.append(status);
let timer;

/** Say something to everybody, aloud too; what can be answered stays longer. */
export function say(...parts) {
  clearTimeout(timer);
  status.replaceChildren(...parts);
  timer = setTimeout(() => status.replaceChildren(), parts.some((part) => part instanceof Element) ? 30000 : 8000);
}

/** Return the answer to a request, or nothing where there was none. */
export async function ask(address, method = "GET") {
  return fetch(address, { method }).catch(() => null);
}

/** Return whether an answer says that there is no such page. */
export function isGone(answer) {
  return answer?.status === 404 || answer?.status === 410;
}

/** Return what `work` makes of each of `things`, six at a time. */
export async function inTurn(things, work) {
  const results = [];
  const queue = [...things.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: 6 }, worker));
  return results;
}

/** Copy the address `href` and say so. */
export function copyAddress(href) {
  return copy(href, _("Address copied."));
}

/** Copy `text` and say so. */
export async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    say(said);
  } catch {
    say(_("This browser does not let the page copy."));
  }
}
