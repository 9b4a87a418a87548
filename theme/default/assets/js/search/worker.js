// Searches off the page's thread. The page sends {root} first, then questions with a number that comes back with answers.
import { analysed, fold, isJoined, tokens } from "./analysis.js";
import { open, Stale } from "./reader.js";

let load;
let reader;
let newest = 0;

/** Fetch a file of the index; its tag makes each content an address of its own, so only the index is asked for again. */
function from(root) {
  return async (name, tag, range) => {
    const address = new URL(`search/${name}${tag ? `?v=${tag}` : ""}`, root);
    const headers = range ? { Range: `bytes=${range[0]}-${range[1] - 1}` } : {};
    const response = await fetch(address, { headers, cache: tag ? "default" : "no-cache" });
    if (!response.ok) throw new Error(`${name}: ${response.status}`);
    return response.arrayBuffer();
  };
}

const ANSWERS = {
  async search({ id, text, options }) {
    newest = id;
    const result = await again((reader) => reader.search(text, options));
    postMessage({ id, result });
    if (result.jump !== null) return;
    const wanted = new Set(result.marks);
    await Promise.all(result.hits.map(async (number, place) => {
      let card = null;
      try {
        if (newest === id) card = await (await reader).card(number);
      } catch {
        // A card that does not come is a line that says so.
      }
      if (newest === id) postMessage({ id, place, card, marks: card ? marks(card.fields, wanted) : [] });
    }));
  },
  async suggest({ id, text }) {
    postMessage({ id, offers: await again((reader) => reader.suggest(fold(text))) });
  },
  async facets({ id }) {
    postMessage({ id, facets: await again((reader) => reader.facets()) });
  },
};

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

/** Ask the reader; a file of another build than its index means a new build, which is read from its beginning, once. */
async function again(ask) {
  try {
    return await ask(await (reader ??= open(load)));
  } catch (error) {
    reader = undefined;
    if (!(error instanceof Stale)) throw error;
    return ask(await (reader = open(load)));
  }
}

addEventListener("message", async ({ data }) => {
  if (data.root) {
    load = from(data.root);
    return;
  }
  try {
    await ANSWERS[data.ask](data);
  } catch (error) {
    postMessage({ id: data.id, error: String(error) });
  }
});
