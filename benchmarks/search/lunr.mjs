// What lunr.js finds: reads {fields, documents, queries} from standard input, prints the ids of ten hits a query.
// node lunr.mjs <folder with node_modules>
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const lunr = createRequire(`${resolve(process.argv[2])}/`)("lunr");
const { fields, documents, queries, index } = JSON.parse(readFileSync(0, "utf8"));
const build = () => lunr(function () {
  this.ref("id");
  for (const field of fields) this.field(field);
  for (const each of documents) this.add(each);
});
const made = index ? lunr.Index.load(index) : build();
const found = queries.map((query) => made.search(query).slice(0, 10).map(({ ref }) => ref));
process.stdout.write(JSON.stringify(found));
