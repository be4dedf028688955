// Opens kept passports without a network. It comes to a browser only when its reader asks for it, by the
// button of assets/keep.js, which fills the cache. Nothing else ever gets in: other pages are passed through.
"use strict";
const root = new URL(registration.scope);
const prefix = `passport:${root.pathname}:`; // other sites may share this origin
const name = `${prefix}@@digest@@`; // another build, another cache
const earlier = async () => (await caches.keys()).filter((key) => key.startsWith(prefix) && key !== name);

// A new build: what was kept is fetched again. What is no longer published goes; without a network it stays.
async function renew() {
  const cache = await caches.open(name);
  for (const key of await earlier()) {
    const before = await caches.open(key);
    const again = async ({ url }) => {
      const kept = await before.match(url);
      const ours = url.startsWith(`${root}.kept/`); // the list of keep.js, which no server has
      const answer = ours ? kept : await fetch(url, { cache: "reload" }).catch(() => kept);
      if (answer.ok) await cache.put(url, answer);
    };
    await Promise.all((await before.keys()).map(again));
  }
}

async function cleared() {
  for (const key of await earlier()) await caches.delete(key);
  await clients.claim();
}

addEventListener("install", (event) => event.waitUntil(renew().then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(cleared()));

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && request.url.startsWith(root.href)) event.respondWith(answer(request));
});

async function answer(request) {
  const { origin, pathname } = new URL(request.url);
  const url = origin + pathname; // neither the key of a private passport nor the choices of a filter
  const kept = await caches.match(url, { cacheName: name }); // opening it would make it anew, once removed
  // A name with a digest in it, or a font, never means other bytes.
  if (kept && /\.[0-9a-f]{8}\.min\.\w+$|\.woff2$/.test(pathname)) return kept;
  try {
    const fresh = await fetch(request);
    const cache = kept && (await caches.open(name));
    if (kept && fresh.ok) await cache.put(url, fresh.clone());
    else if (kept && (fresh.status === 404 || fresh.status === 410)) await cache.delete(url);
    return fresh;
  } catch (problem) {
    if (kept) return kept;
    const page = request.mode === "navigate" && (await offline(pathname.slice(root.pathname.length)));
    if (!page) throw problem;
    return Response.redirect(page);
  }
}

// The page that says so, in the language of the address if it is there.
async function offline(path) {
  const pages = (await (await caches.open(name)).keys()).map(({ url }) => url).filter((url) => url.endsWith("/offline/"));
  const wanted = [`${root}${path.split("/")[0]}/offline/`, `${root}offline/`];
  return wanted.find((url) => pages.includes(url)) ?? pages[0];
}
