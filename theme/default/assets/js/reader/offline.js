// Reading without a network, where the archive offers it: the worker begun, what it kept told, months kept on request.
import { ask, button, inTurn, make, root, say } from "./page.js";
import { plural } from "./numbers.js";
import { _ } from "./words.js";

const KEPT = `broadsheet:${root.pathname}:kept`;
const PAGES = `broadsheet:${root.pathname}:pages`;
const INDEX = `broadsheet:${root.pathname}:search`;

const when = (text) => new Date(text).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
const megabytes = (bytes) => Math.max(0.1, bytes / 1e6).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 });

/** Offer to keep the lists of a month, which hold the abstracts of its papers; say how large they are before. */
async function offerMonth() {
  const days = [...new Set([...document.querySelectorAll("table a[href]")].map(({ href }) => href.split("#")[0]).filter((href) => href.startsWith(`${root.href}day/`)))];
  if (!days.length) return;
  const addresses = [location.href.split(/[?#]/)[0], ...days];
  const cache = await caches.open(KEPT);
  const isKept = async () => Boolean(await cache.match(addresses[0]));
  const offer = button("", async () => {
    if (await isKept()) {
      await Promise.all(addresses.map((address) => cache.delete(address)));
      say(_("This month is no longer kept."));
      return look();
    }
    const sizes = await inTurn(addresses, async (address) => Number((await ask(address, "HEAD"))?.headers.get("content-length")));
    const size = sizes.every(Boolean) ? _("about %(size)s MB", { size: megabytes(sizes.reduce((a, b) => a + b)) }) : _("their size is not known");
    if (!confirm(plural("Keep %(count)s page of this month in this browser (%(size)s)?", "Keep %(count)s pages of this month in this browser (%(size)s)?", addresses.length, { size }))) return;
    const kept = await inTurn(addresses, async (address) => {
      const answer = await ask(address);
      if (answer?.status !== 200) return false;
      const headers = { "content-type": answer.headers.get("content-type"), "x-stored": new Date().toISOString() };
      return cache.put(address, new Response(await answer.blob(), { headers })).then(() => true, () => false);
    });
    say(kept.every(Boolean) ? _("This month can be read offline.") : _("Not all of this month could be kept."));
    look();
  });
  const look = async () => {
    offer.textContent = (await isKept()) ? _("Remove this month from what is kept offline") : _("Keep this month offline");
  };
  await look();
  document.querySelector(".list > .exports, .list")?.after(make("p", { className: "bulk" }, offer));
}

/** List what is kept: days, papers, other pages, each with its age. */
async function listKept(place) {
  const groups = [["day/", _("Days")], ["paper/", _("Papers")], ["", _("Other pages")]].map(([part, title]) => ({ part, title, items: [] }));
  for (const name of [KEPT, PAGES]) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      const text = await answer.text();
      const title = new DOMParser().parseFromString(text.slice(0, 6000), "text/html").title.replace(/ \| [^|]*$/, "");
      const group = groups.find(({ part }) => request.url.startsWith(root.href + part));
      group.items.push(make("li", {}, make("a", { href: request.url, textContent: title || request.url, dir: "auto" }), make("span", { className: "hint", textContent: _("kept %(date)s", { date: when(answer.headers.get("x-stored")) }) })));
    }
  }
  const found = groups.filter(({ items }) => items.length);
  place.replaceChildren(...found.flatMap(({ title, items }) => [make("h2", { className: "rubric", textContent: title }), make("ol", { className: "titles" }, ...items.reverse())]));
  if (!found.length) return place.append(make("p", { textContent: _("Nothing is kept yet. Pages are kept as you read them.") }));
  place.append(make("p", { className: "bulk" }, button(_("Forget all of it"), async () => {
    await Promise.all([KEPT, PAGES, INDEX].map((name) => caches.delete(name)));
    listKept(place);
  })));
}

export function beginOffline() {
  const { worker } = document.querySelector("script[data-worker]")?.dataset ?? {};
  if (!worker || !navigator.serviceWorker || !globalThis.caches) return;
  navigator.serviceWorker.register(worker, { updateViaCache: "none" }).catch(() => {});
  const { stored } = document.documentElement.dataset;
  const note = stored && make("p", { className: "note stored" }, _("Offline copy of %(date)s", { date: when(stored) }));
  if (note) document.querySelector("main").prepend(note);
  const place = document.querySelector("#kept");
  if (place) {
    const asked = location.hash.slice(1);
    if (asked) place.before(make("p", { className: "note" }, _("The page you asked for is not kept here."), " ", make("a", { href: new URL(decodeURIComponent(asked), root).href, textContent: _("Try again") })));
    listKept(place);
  }
  if (document.body.dataset.page === "month") offerMonth();
}
