// Searches off the page's thread. The page sends {root, index} first, then questions with a number that answers bear too.
import { analysed, fold, isJoined, key, tokens } from "./analysis.js";
import { open, Stale } from "./reader.js";

let begin;
const load = new Promise((resolve) => (begin = resolve));
let reader;
let newest = 0;

const ANSWERS = {
  /** Tell what is found, then one after another the cards of the hits. */
  async search({ id, text, options, names }) {
    newest = id;
    const began = performance.now();
    const result = await again((reader) => reader.search(text, options));
    postMessage({ id, result: { ...result, seconds: (performance.now() - began) / 1000 } });
    if (result.jump !== null) return;
    const wanted = new Set(result.marks);
    const keys = names.map(key).filter(Boolean);
    await Promise.all(result.hits.map(async (number, place) => {
      const card = await cardOf(number, () => newest === id);
      if (newest !== id) return;
      const [, , ...named] = card?.fields ?? [];
      const found = named.flatMap((names) => names.split("\n")).filter((name) => keys.includes(key(name)));
      postMessage({ id, place, card, marks: card && marks(card.fields, wanted), names: found });
    }));
  },
  /** Tell the cards of all hits at once, as few others wait for them. */
  async collect({ id, text, options }) {
    const { hits } = await again((reader) => reader.search(text, options));
    postMessage({ id, cards: (await again((reader) => reader.cards(hits))).filter(Boolean) });
  },
  async suggest({ id, text }) {
    postMessage({ id, offers: await again((reader) => reader.suggest(fold(text))) });
  },
  async facets({ id }) {
    postMessage({ id, facets: await again((reader) => reader.facets()) });
  },
};

/** Return what fetches a file of the index; its tag makes each content an address of its own. */
function from({ root, index }) {
  return async (name, tag, range) => {
    if (index && !tag) {
      const data = index;
      index = null; // from now on a fresh one
      return data;
    }
    const address = new URL("search/" + name + (tag && "?v=" + tag), root);
    const headers = range ? { Range: `bytes=${range[0]}-${range[1] - 1}` } : {};
    const response = await fetch(address, { headers, cache: tag ? "default" : "no-cache" });
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    return response.arrayBuffer();
  };
}

/** Ask the reader; a file of another build than its index means a new build, which is read from its beginning, once. */
async function again(ask) {
  try {
    return await ask(await (reader ??= load.then(open)));
  } catch (error) {
    reader = undefined;
    if (!(error instanceof Stale)) throw error;
    return ask(await (reader = load.then(open)));
  }
}

/** Return a card, or nothing where it does not come or is not wanted any more. */
async function cardOf(number, isWanted) {
  try {
    return isWanted() ? await (await reader).card(number) : null;
  } catch {
    return null; // its place says so
  }
}

/** Return the words of a card, as they are written there, that have a term among `wanted`. */
function marks(fields, wanted) {
  const runs = new Set(fields.join("\n").match(/[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}'’.\-‐‑+#/&]*/gu));
  return [...new Set([...runs].flatMap((run) => {
    const words = tokens(run);
    if (words.some(isJoined)) return [...wanted].filter((term) => isJoined(term) && run.includes(term));
    const isHit = words.some((word) => analysed(word).every.some((term) => wanted.has(term)));
    return isHit ? [run.replace(/[^\p{L}\p{M}\p{N}+#]+$/u, "")] : [];
  }))];
}

addEventListener("message", async ({ data }) => {
  if (data.root) return begin(from(data));
  try {
    await ANSWERS[data.ask](data);
  } catch (error) {
    postMessage({ id: data.id, error: String(error) });
  }
});
