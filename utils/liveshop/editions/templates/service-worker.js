/* Keeps the whole book on the reader's device at the first visit, so that it reads without a network.
   Each build has a cache of its own; when it is complete, the one before goes. Nothing is sent anywhere. */
const CACHE = "liveshop-book-{{ cache }}";
const FILES = {{ files|script }};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(FILES.map((name) => new Request(name, { cache: "reload" })))).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("liveshop-book-") && name !== CACHE);
  event.waitUntil(
    caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => clients.claim())
  );
});

// What is kept answers at once; what is asked behind "?" (a search, hidden code) is the page's own affair.
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.method !== "GET" || address.origin !== location.origin) return;
  const page = address.pathname.endsWith("/") ? address.pathname + "index.html" : event.request;
  event.respondWith(
    caches.open(CACHE).then((cache) => cache.match(page, { ignoreSearch: true })).then((kept) => kept || fetch(event.request))
  );
});
