// Keeps the customer's shell (page, scripts, styles, fonts) for when the network is gone. It never
// stores an answer of the API: what a person is told about their home is always fresh, or absent.
const SHELL = "careflow-shell-1";
const PAGE = "/customer";
const FILES_LIMIT = 60;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((cache) => cache.add(PAGE)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name)));
  event.waitUntil(caches.keys().then(old).then(() => self.clients.claim()));
});

async function pageOrShell(request) {
  try {
    const fresh = await fetch(request);
    if (fresh.ok) (await caches.open(SHELL)).put(PAGE, fresh.clone());
    return fresh;
  } catch (offline) {
    const kept = await caches.match(PAGE);
    if (kept) return kept;
    throw offline;
  }
}

async function assetOnce(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) await keep(request, fresh.clone());
  return fresh;
}

// Older builds leave files behind that no page names any more: the oldest go first.
async function keep(request, file) {
  const cache = await caches.open(SHELL);
  await cache.put(request, file);
  const names = (await cache.keys()).filter((kept) => new URL(kept.url).pathname !== PAGE);
  await Promise.all(names.slice(0, Math.max(0, names.length - FILES_LIMIT)).map((name) => cache.delete(name)));
}

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (event.request.mode === "navigate" && url.pathname === PAGE) event.respondWith(pageOrShell(event.request));
  else if (url.pathname.startsWith("/assets/")) event.respondWith(assetOnce(event.request));
});
