// The service worker of archives with `offline.pages`: what was read stays readable without a network. The build writes
// it into sw.js behind three constants: ASSETS, the folder of this build's assets; SHELL, what is fetched at once; and
// MOST, how many pages are kept besides those that a reader asked for, and how often as many parts of the search index.
const scope = self.registration.scope;
const named = (part) => `broadsheet:${new URL(scope).pathname}:${part}`;
const SHELF = named(`assets:${ASSETS}`);
const PAGES = named("pages");
const KEPT = named("kept");
const INDEX = named("search");
const PARTS = 10;
const PATIENCE = 3000;

async function install() {
  const shelf = await caches.open(SHELF);
  await shelf.addAll(SHELL.map((path) => new Request(new URL(path, scope), { cache: "reload" })));
  await self.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(named("")) && ![SHELF, PAGES, KEPT, INDEX].includes(name)).map((name) => caches.delete(name)));
  await self.clients.claim();
}

/** Return a file of the theme, whose address changes with its content: what is here is right. */
async function asset(request, path) {
  const shelf = await caches.open(SHELF);
  const found = await shelf.match(request);
  if (found) return found;
  const answer = await fetch(request).catch(() => null);
  if (answer?.status === 200) {
    if (path.startsWith(`${ASSETS}/`)) await shelf.put(request, answer.clone()).catch(() => {});
    return answer;
  }
  // A page kept from an earlier build asks for files that are gone: those of the same names will do.
  return (await shelf.match(new URL(path.replace(/^assets\/[^/]+/, ASSETS), scope))) ?? answer ?? Response.error();
}

/** Return a part of the search index: one with a tag is for ever what it is, one without is asked for first. */
async function part({ request }, waitUntil) {
  // A cache holds whole answers only: what was asked for of a file is kept as a file of its own.
  const range = request.headers.get("range");
  const piece = `${request.url}${request.url.includes("?") ? "&" : "?"}${range}`;
  const parts = await caches.open(INDEX);
  const copy = (range && (await parts.match(piece))) || (await parts.match(request.url));
  if (copy && request.url.includes("?v=")) return copy;
  const answer = await fetch(request).catch(() => null);
  if (answer?.ok) waitUntil(keepPart(parts, answer.status === 206 ? piece : request.url, answer.clone()).catch(() => {}));
  return (answer?.ok ? answer : copy) ?? answer ?? Response.error();
}

/** Keep a part of the index; the oldest make room. */
async function keepPart(parts, address, answer) {
  await parts.delete(address);
  await parts.put(address, new Response(await answer.blob()));
  const all = await parts.keys();
  for (const old of all.slice(0, Math.max(0, all.length - PARTS * MOST))) await parts.delete(old);
}

/** Return a page from the network, or the copy of it where that is slow, fails or is cut. */
async function page(event) {
  const { origin, pathname } = new URL(event.request.url);
  const address = origin + pathname;
  const copy = await stored(address);
  const fresh = fetch(event.request).then((answer) => {
    event.waitUntil(store(address, answer.clone()).catch(() => {}));
    return answer;
  });
  event.waitUntil(fresh.catch(() => {}));
  const slow = new Promise((done) => copy && setTimeout(done, PATIENCE));
  const answer = await Promise.race([fresh, slow]).catch(() => null);
  if (answer && (answer.status < 500 || !copy)) return answer;
  if (copy) return marked(copy);
  // Its links lead on from its own address only.
  const instead = new URL("offline/", scope).href;
  return address === instead ? caches.match(instead) : Response.redirect(`${instead}#${encodeURIComponent(event.request.url.slice(scope.length))}`);
}

async function stored(address) {
  for (const name of [KEPT, PAGES]) {
    const found = await (await caches.open(name)).match(address);
    if (found) return found;
  }
  return null;
}

/** Return a copy that says so: `data-stored` is when it was made. */
async function marked(copy) {
  const text = (await copy.text()).replace("<html ", `<html data-stored="${copy.headers.get("x-stored")}" `);
  return new Response(text, { headers: copy.headers });
}

/** Keep a page, if it is one and may be kept; of those that nobody asked for, the oldest go. */
async function store(address, answer) {
  const { headers } = answer;
  if (answer.status !== 200 || answer.redirected || !/^text\/html\b/.test(headers.get("content-type")) || /no-store|private/.test(headers.get("cache-control"))) return;
  const [kept, pages] = [await caches.open(KEPT), await caches.open(PAGES)];
  const place = (await kept.match(address)) ? kept : pages;
  const copy = new Response(await answer.blob(), { headers: { "content-type": headers.get("content-type"), "x-stored": new Date().toISOString() } });
  await place.delete(address);
  await place.put(address, copy);
  const all = await pages.keys();
  for (const old of all.slice(0, Math.max(0, all.length - MOST))) await pages.delete(old);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { method, url, mode, headers } = event.request;
  if (method !== "GET" || !url.startsWith(scope)) return;
  const path = url.slice(scope.length);
  if (/^search\/.+\.(bin|json)(\?|$)/.test(path)) event.respondWith(part(event, (work) => event.waitUntil(work)));
  else if (headers.has("range")) return;
  else if (path.startsWith("assets/")) event.respondWith(asset(event.request, path));
  else if (mode === "navigate") event.respondWith(page(event));
});
