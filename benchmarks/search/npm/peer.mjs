// Other engines, as their documentation says they are used: `node peer.mjs ENGINE build FOLDER` makes the files of an index
// of the papers on standard input, `node peer.mjs ENGINE answer` prints the ids of ten hits of each query there.
// Papers are {id, title, abstract, authors, topics, organisation}.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import lunr from "lunr";
import MiniSearch from "minisearch";
import * as pagefind from "pagefind";

const [engine, mode, folder] = process.argv.slice(2);
const { papers, queries, exported } = JSON.parse(readFileSync(0, "utf8"));
const fields = ["title", "abstract", "authors", "topics", "organisation"];
const escaped = (text) => text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);

// Its operators in what people write are errors, or ask for other things.
const withLunr = (made) => (query) => made.search(query.replace(/[:^~*+-]/g, " ")).map(({ ref }) => ref);

const ENGINES = {
  lunr() {
    const made = lunr(function () {
      this.ref("id");
      for (const field of fields) this.field(field);
      for (const paper of papers) this.add(paper);
    });
    return { files: { "index.json": JSON.stringify(made) }, ask: withLunr(made) };
  },
  export: () => ({ ask: withLunr(lunr.Index.load(exported)) }),
  minisearch() {
    const made = new MiniSearch({ fields });
    made.addAll(papers);
    return { files: { "index.json": JSON.stringify(made) }, ask: (query) => made.search(query).map(({ id }) => id) };
  },
  async pagefind() {
    const { index } = await pagefind.createIndex();
    for (const { id, title, ...others } of papers) {
      const text = Object.values(others).map((value) => `<p>${escaped(value)}</p>`).join("");
      const content = `<!DOCTYPE html><html lang="en"><body><h1>${escaped(title)}</h1>${text}</body></html>`;
      await index.addHTMLFile({ url: `/${id}/`, content });
    }
    await index.writeFiles({ outputPath: `${folder}/pagefind` });
    await pagefind.close();
    return { files: {} };
  },
};

const { files, ask } = await ENGINES[engine]();
if (mode === "build") {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(`${folder}/${name}`, text);
} else {
  process.stdout.write(JSON.stringify(queries.map((query) => ask(query).slice(0, 10))));
}
