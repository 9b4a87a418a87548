// What sw.js is without `offline.pages`: a worker that an earlier build left in a browser finds it, and is gone with all
// it kept. Pages never ask for it.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  const remove = async () => {
    const own = `broadsheet:${new URL(self.registration.scope).pathname}:`;
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith(own)).map((name) => caches.delete(name)));
    await self.registration.unregister();
  };
  event.waitUntil(remove());
});
