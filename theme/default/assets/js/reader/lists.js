// Lists: names beside a day's list narrow it, papers can be put into another order, a date opens its list.
import { plural } from "./numbers.js";
import { _ } from "./words.js";

const lists = document.querySelectorAll(".papers");
const facets = document.querySelector(".facets");
const papers = [...document.querySelectorAll(".papers > li")];

// The last two parts of an address name a topic or an organisation: "topic/agents".
const nameOf = (link) => link.pathname.replace(/(index\.html)?$/, "").split("/").slice(-3, -1).join("/");

const narrow = (status, chosen) => {
  const shown = papers.filter((paper) => {
    const names = new Set([...paper.querySelectorAll("a")].map(nameOf));
    paper.hidden = ![...chosen.keys()].every((name) => names.has(name));
    return !paper.hidden;
  });
  for (const link of facets.querySelectorAll("a")) {
    if (chosen.has(nameOf(link))) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  status.replaceChildren();
  status.hidden = chosen.size === 0;
  for (const list of lists) list.classList.toggle("narrowed", chosen.size > 0);
  if (status.hidden) return;
  const count = papers.length;
  const names = [...chosen.values()].map((link) => link.textContent).reduce((names, name) => _("%(names)s and %(name)s", { names, name }));
  const all = Object.assign(document.createElement("button"), { type: "button", textContent: plural("Show the %(count)s paper", "Show all %(count)s papers", count) });
  all.addEventListener("click", () => {
    chosen.clear();
    narrow(status, chosen);
  });
  status.append(shown.length ? plural("%(some)s of %(count)s paper: %(names)s.", "%(some)s of %(count)s papers: %(names)s.", count, { some: shown.length, names }) : _("Nothing here matches %(names)s.", { names }), " ", all);
  for (const link of chosen.values()) {
    const whole = Object.assign(document.createElement("a"), { href: link.href, textContent: _("Everything on %(name)s", { name: link.textContent }) });
    status.append(" ", whole);
  }
};

if (facets && papers.length > 1) {
  const chosen = new Map();
  const status = Object.assign(document.createElement("p"), { className: "note narrowing", hidden: true });
  status.setAttribute("role", "status");
  lists[0].before(status);
  facets.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    const name = nameOf(link);
    if (!chosen.delete(name)) chosen.set(name, link);
    narrow(status, chosen);
    status.scrollIntoView({ block: "nearest" });
  });
}

const order = document.querySelector("#order");
if (order && lists.length === 1 && papers.length > 1) {
  const fact = (paper, name) => paper.querySelector("article").dataset[name] ?? "";
  const orders = {
    listed: () => 0,
    votes: (a, b) => fact(b, "votes") - fact(a, "votes"),
    newest: (a, b) => fact(b, "published").localeCompare(fact(a, "published")),
    title: (a, b) => a.querySelector("h2").textContent.localeCompare(b.querySelector("h2").textContent),
  };
  order.addEventListener("change", () => lists[0].append(...[...papers].sort(orders[order.value])));
  order.closest(".controls").classList.add("ready");
}

const box = document.querySelector("#narrow");
if (box) {
  const names = [...document.querySelectorAll(".narrow ~ * li")].map((item) => ({ item, text: (item.querySelector("a, span")?.textContent ?? "").toLowerCase() }));
  const count = box.parentElement.querySelector("output");
  box.addEventListener("input", () => {
    const wanted = box.value.trim().toLowerCase();
    let shown = 0;
    for (const { item, text } of names) {
      item.hidden = !text.includes(wanted);
      shown += !item.hidden;
    }
    for (const part of document.querySelectorAll(".narrow ~ section")) {
      part.hidden = !part.querySelector("li:not([hidden])");
      const more = part.querySelector("details");
      if (more) more.open = Boolean(wanted);
    }
    count.textContent = wanted ? `${shown} / ${names.length}` : "";
  });
  box.parentElement.classList.add("ready");
}

const go = document.querySelector("form.go");
if (go) {
  go.addEventListener("submit", (event) => {
    event.preventDefault();
    const file = location.protocol === "file:" ? "index.html" : "";
    if (go.elements.date.value) location.assign(`${go.dataset.days}${go.elements.date.value}/${file}`);
  });
  go.classList.add("ready");
}
