// My list: search, order, notes, export, import, share; and a list that somebody shared, to read and to take over.
import { addressOf, copy, inTurn, make, say } from "./page.js";
import { lasting, list, onChange, papersOf, reader, setList, toggleRead } from "./store.js";

const FILES = {
  BibTeX: ["papers.bib", "application/x-bibtex", (texts) => texts.join("\n")],
  RIS: ["papers.ris", "application/x-research-info-systems", (texts) => texts.join("\n")],
  "CSL-JSON": ["papers.csl.json", "application/json", (texts) => JSON.stringify(texts.flatMap((text) => JSON.parse(text)), null, 1)],
};
const ORDERS = {
  saved: ["last saved first", (a, b) => b.when.localeCompare(a.when)],
  first: ["first saved first", (a, b) => a.when.localeCompare(b.when)],
  title: ["by title", (a, b) => a.title.localeCompare(b.title)],
};
const button = (textContent, act) => {
  const made = make("button", { type: "button", textContent });
  made.addEventListener("click", act);
  return made;
};
const count = (number) => `${number} ${number === 1 ? "paper" : "papers"}`;

function download(name, type, text) {
  const href = URL.createObjectURL(new Blob([text], { type }));
  make("a", { href, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(href), 10000);
}

async function exportAs(title) {
  const [name, type, join] = FILES[title];
  say(`Collecting ${count(list().length)}…`);
  const texts = await inTurn(list(), async ({ id }) => {
    const answer = await fetch(addressOf(id, name)).catch(() => null);
    return answer?.ok ? answer.text() : null;
  });
  const found = texts.filter((text) => text !== null);
  if (found.length) download(name.replace("papers", "my-list"), type, join(found));
  say(`${found.length} of ${count(texts.length)} exported.`);
}

const inMarkdown = (text) => text.replace(/([\\`*_[\]<>#])/g, "\\$1");
const markdown = () => list().map(({ id, title, note }) => `- [${inMarkdown(title)}](${addressOf(id)})${note ? `: ${inMarkdown(note).replace(/\s+/g, " ")}` : ""}\n`).join("");

/** Return the list with `more` added; what is there stays as it is. */
const withAll = (more) => papersOf([...list(), ...more.map((paper) => ({ ...paper, when: paper.when || new Date().toISOString() }))]);

function change(papers, said) {
  const before = list();
  setList(papers);
  say(`${said} `, button("Undo", () => {
    setList(before);
    say("As it was.");
  }));
}

async function take(file) {
  try {
    const { papers } = JSON.parse(await file.text());
    if (!Array.isArray(papers)) throw new Error("no papers in it");
    const all = withAll(papersOf(papers));
    change(all, `${count(all.length - list().length)} added.`);
  } catch (error) {
    say(`This file is no list of papers: ${error.message}`);
  }
}

/** Return the title of the page of a paper: "" where there is none, nothing where one cannot know. */
async function titleOf(id) {
  const answer = await fetch(addressOf(id)).catch(() => null);
  if (answer?.status === 404 || answer?.status === 410) return "";
  if (!answer?.ok) return null;
  const found = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("h1");
  return found?.getAttribute("aria-label") ?? found?.textContent.trim() ?? null;
}

const gone = new Set();
const asked = new Set();

async function check(papers, shown) {
  const unknown = papers.filter(({ id }) => !asked.has(id));
  for (const { id } of unknown) asked.add(id);
  await inTurn(unknown, async ({ id }) => {
    const answer = await fetch(addressOf(id), { method: "HEAD" }).catch(() => null);
    if (answer?.status === 404 || answer?.status === 410) gone.add(id);
  });
  if (unknown.some(({ id }) => gone.has(id))) shown();
}

function itemOf({ id, title, when, note = "" }, isMine) {
  const heading = gone.has(id) ? make("span", { textContent: title, dir: "auto" }) : make("a", { href: addressOf(id), textContent: title, dir: "auto" });
  const item = make("li", {}, make("h2", {}, heading));
  if (gone.has(id)) item.append(make("p", { className: "badge", textContent: `${id} is no longer in this archive` }));
  if (!isMine) return item;
  const isRead = Object.hasOwn(reader().read, id);
  item.classList.toggle("is-read", isRead);
  const words = make("textarea", { value: note, rows: 1, ariaLabel: `Note on ${title}`, placeholder: "Note" });
  words.addEventListener("change", () => setList(list().map((paper) => (paper.id === id ? { ...paper, note: words.value } : paper))));
  const remove = () => change(list().filter((paper) => paper.id !== id), "Taken off the list.");
  item.addEventListener("keydown", (event) => event.key === "Delete" && event.target !== words && remove());
  item.append(make("p", { className: "own" }, button(isRead ? "Read" : "Mark read", () => toggleRead(id)), button("Remove", remove), when ? `saved ${when.slice(0, 10)}` : ""), words);
  return item;
}

function mine(place) {
  const search = make("input", { type: "search", ariaLabel: "Search my list", placeholder: "Search my list" });
  const order = make("select", { ariaLabel: "Order" }, ...Object.entries(ORDERS).map(([value, [textContent]]) => make("option", { value, textContent })));
  const total = make("p", { className: "total" });
  total.setAttribute("role", "status");
  const items = make("ol", { className: "mine" });
  const file = make("input", { type: "file", accept: ".json,application/json", ariaLabel: "Import a list from JSON" });
  file.addEventListener("change", () => file.files[0] && take(file.files[0]));
  const tools = make(
    "p", { className: "bulk" }, "Export as ",
    ...Object.keys(FILES).map((title) => button(title, () => exportAs(title))),
    button("Markdown", () => download("my-list.md", "text/markdown", markdown())),
    button("JSON", () => download("my-list.json", "application/json", JSON.stringify({ version: 1, papers: list() }, null, 1))),
    button("Copy link to share", () => copy(`${location.href.split("#")[0]}#ids=${list().map(({ id }) => encodeURIComponent(id)).join(",")}`, "Link copied: it holds the ids of the papers, no notes.")),
    button("Clear", () => confirm(`Take all ${count(list().length)} off the list?`) && change([], "The list is empty.")),
  );
  place.replaceChildren(make("p", { className: "bulk" }, search, order), total, items, tools, make("p", { className: "bulk" }, make("label", {}, "Import JSON ", file)));
  const show = () => {
    const papers = list();
    const wanted = search.value.toLowerCase();
    const shown = papers.filter(({ id, title, note = "" }) => `${id} ${title} ${note}`.toLowerCase().includes(wanted)).sort(ORDERS[order.value][1]);
    const size = Math.ceil(JSON.stringify(papers).length / 1000);
    total.textContent = papers.length ? `${shown.length < papers.length ? `${shown.length} of ` : ""}${count(papers.length)}, ${size} kB in this browser.${lasting() ? "" : " Its storage is full or closed: this lasts until the page closes."}` : "Nothing saved yet.";
    tools.hidden = !papers.length;
    if (items.contains(document.activeElement) && document.activeElement.matches("textarea")) return;
    items.replaceChildren(...shown.map((paper) => itemOf(paper, true)));
    check(papers, show);
  };
  search.addEventListener("input", show);
  order.addEventListener("change", show);
  onChange(show);
  show();
}

async function shared(place, ids) {
  const papers = papersOf(ids);
  place.replaceChildren(make("p", { className: "total", textContent: `Somebody shared ${count(papers.length)}. They are not in your list.` }));
  const titles = await inTurn(papers, ({ id }) => titleOf(id));
  const known = papers.map((paper, n) => ({ ...paper, title: titles[n] || paper.id }));
  titles.forEach((title, n) => title === "" && gone.add(papers[n].id));
  place.append(
    make("ol", { className: "mine" }, ...known.map((paper) => itemOf(paper, false))),
    make("p", { className: "bulk" }, button("Add all to mine", () => {
      change(withAll(known.filter(({ id }) => !gone.has(id))), "Added to your list.");
      location.hash = "";
    }), button("My own list", () => { location.hash = ""; })),
  );
}

export function beginList() {
  const place = document.querySelector('[data-page="list"] #mine');
  if (!place) return;
  const open = () => {
    const ids = location.hash.match(/^#ids=(.*)$/)?.[1];
    if (ids === undefined) return mine(place);
    return shared(place, ids.split(",").slice(0, 500).map((id) => {
      try {
        return decodeURIComponent(id);
      } catch {
        return "";
      }
    }));
  };
  addEventListener("hashchange", open);
  open();
}
