// Searches off the page's thread. The page sends {root, index} first, then questions with a number that answers bear too.
import { analysed, fold, isJoined, tokens } from "./analysis.js";
import { open, Stale } from "./reader.js";

const MOST_OFFERS = 8;

let begin;
const load = new Promise((resolve) => (begin = resolve));
let reader;
let newest;

const ANSWERS = {
  /** Tell what is found, then one after another the cards of the hits. */
  async search({ id, text, options }, tell) {
    newest = id;
    const began = performance.now();
    const result = await again((reader) => reader.search(text, options));
    tell({ result: { ...result, seconds: (performance.now() - began) / 1000 } });
    const wanted = new Set(result.marks);
    for (const [place, number] of result.hits.entries()) {
      // A card that does not come is told of in its place.
      (await reader).card(number).catch(() => {}).then((card) => {
        if (newest === id) tell({ place, card, marks: card && marks(card.fields, wanted) });
      });
    }
  },
  /** Tell the cards of all hits at once, as few others wait for them. */
  async collect({ text, options }, tell) {
    const { hits } = await again((reader) => reader.search(text, options));
    tell({ cards: (await again((reader) => reader.cards(hits))).filter(Boolean) });
  },
  async suggest({ text }, tell) {
    tell({ offers: (await again((reader) => reader.commonest(fold(text)))).slice(0, MOST_OFFERS) });
  },
  async facets(_, tell) {
    tell({ facets: await again((reader) => reader.json("facets")) });
  },
};

/** Answer what the page asks. */
export function serve() {
  addEventListener("message", async ({ data }) => {
    if (data.root) return begin(from(data));
    const tell = (answer) => postMessage({ id: data.id, ...answer });
    try {
      await ANSWERS[data.ask](data, tell);
    } catch (error) {
      tell({ error: String(error) });
    }
  });
}

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
    if (!response.ok) throw new Error(name);
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
