// The smallest page that shows ten papers, title and abstract, of another engine; the engine is the name of its folder.
const read = async (name) => {
  const response = await fetch(name);
  return response.json();
};
// lunr and MiniSearch tell ids: what is shown of a paper comes from a file of its own.
const papers = (ids) => ids.slice(0, 10).map((id) => () => read(`papers/${id}.json`));

const ENGINES = {
  async lunr() {
    const script = Object.assign(document.createElement("script"), { src: "lunr.js" });
    const loaded = new Promise((resolve) => script.addEventListener("load", resolve));
    document.head.append(script);
    const [data] = await Promise.all([read("index.json"), loaded]);
    const index = globalThis.lunr.Index.load(data);
    return (query) => papers(index.search(query.replace(/[:^~*+-]/g, " ")).map(({ ref }) => ref));
  },
  async minisearch() {
    const [{ default: MiniSearch }, response] = await Promise.all([import("./minisearch.js"), fetch("index.json")]);
    const index = MiniSearch.loadJSON(await response.text(), { fields: ["title", "abstract", "authors", "topics", "organisation"] });
    return (query) => papers(index.search(query).map(({ id }) => id));
  },
  async pagefind() {
    const pagefind = await import("./pagefind/pagefind.js");
    return async (query) => (await pagefind.search(query)).results.slice(0, 10).map(({ data }) => async () => {
      const { url, meta, content } = await data();
      return { id: url.split("/").at(-2), title: meta.title, abstract: content };
    });
  },
};

let begun;
const asked = (query) => (begun ??= ENGINES[location.pathname.split("/").at(-2)]()).then((ask) => ask(query));

async function show(query) {
  const results = document.getElementById("results");
  results.replaceChildren();
  document.getElementById("hints").hidden = true;
  const hits = await asked(query);
  results.append(...hits.map(() => Object.assign(document.createElement("li"), { className: "coming" })));
  document.getElementById("hints").hidden = hits.length > 0;
  hits.forEach(async (load, place) => {
    const { title, abstract } = await load();
    const line = results.children[place];
    line.append(Object.assign(document.createElement("h2"), { textContent: title }), abstract);
    line.className = "";
  });
}

/** Return the ids of ten hits of each query; for measurements of quality. */
globalThis.answers = async (queries) => {
  const found = [];
  for (const query of queries) found.push(await Promise.all((await asked(query)).map(async (load) => (await load()).id)));
  return found;
};

document.getElementById("search").addEventListener("submit", (event) => {
  event.preventDefault();
  show(document.getElementById("q").value);
});
const query = new URLSearchParams(location.search).get("q");
if (query) show(query);
