// What the reader's tools know of the page they stand on.
export const root = new URL(document.querySelector(".nameplate a").href.replace(/index\.html$/, ""));

const file = location.protocol === "file:" ? "index.html" : "";

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

const status = make("p", { className: "told" });
status.setAttribute("role", "status");
document.body.append(status);
let timer;

/** Say something to everybody, aloud too. */
export function say(...parts) {
  clearTimeout(timer);
  status.replaceChildren(...parts);
  timer = setTimeout(() => status.replaceChildren(), 8000);
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

/** Copy `text` and say so. */
export async function copy(text, said) {
  try {
    await navigator.clipboard.writeText(text);
    say(said);
  } catch {
    say("This browser does not let the page copy.");
  }
}
