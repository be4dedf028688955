// Opens kept passports without a network, or on a bad one. It comes to a browser only by the button of
// assets/keep.js, which fills the cache. Nothing else gets in: other pages are passed through.
"use strict";
const root = new URL(registration.scope);
const prefix = `passport:${root.pathname}:`; // other sites may share this origin
const name = `${prefix}@@digest@@`; // another build, another cache
const patience = 3000; // milliseconds that a reader waits for a page that is kept
let slow = 0; // until when the line is known to be bad, and not waited for again
const earlier = async () => (await caches.keys()).filter((key) => key.startsWith(prefix) && key !== name);

// A new build: what was kept is fetched again. What is no longer published goes; offline it stays.
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
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(root.href)) event.respondWith(answer(event));
});

// The network's answer; what is kept if there is none, or it takes long. What a script asks for (without a
// destination) is waited for: whoever checks a badge must not be told what was so yesterday.
async function answer(event) {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const path = pathname.slice(root.pathname.length);
  const url = origin + pathname; // neither the key of a private passport nor the choices of a filter
  const kept = await caches.match(url, { cacheName: name }); // opening it would make it anew, once removed
  // A name with a digest, or a font, never means other bytes.
  if (kept && /\.[0-9a-f]{8}\.min\.\w+$|\.woff2$/.test(pathname)) return kept;
  const coming = kept ? renewed(request, url) : fetch(request);
  try {
    if (!kept || !request.destination) return await coming;
    event.waitUntil(coming.catch(() => {})); // what comes late is there the next time
    const wait = Date.now() < slow ? 0 : patience;
    const fresh = await Promise.race([coming, new Promise((done) => setTimeout(done, wait))]);
    if (fresh) return fresh;
    if (wait) slow = Date.now() + 10_000;
    return told(kept, request, path);
  } catch (problem) {
    if (kept) return told(kept, request, path);
    const page = request.mode === "navigate" && (await offline(path));
    if (!page) throw problem;
    return Response.redirect(page);
  }
}

// A kept page says so, and since when, in the words of its offline page.
async function told(kept, request, path) {
  const page = request.mode === "navigate" && (await offline(path));
  if (!page || page === root + path) return kept;
  const words = await (await caches.match(page, { cacheName: name })).text();
  const [, tag, note = ""] = /<template data-kept="(.*?)">(.*?)<\/template>/s.exec(words) ?? [];
  const day = kept.headers.get("date");
  const date = day ? new Date(day).toLocaleDateString(tag, { dateStyle: "long" }) : "…";
  const text = (await kept.text()).replace(/ id="content".*?>/, (start) => start + note.replace("{date}", /^fr\b/.test(tag) ? date.replace(/^1 /, "1er ") : date));
  return new Response(text, { headers: kept.headers });
}

// The network's answer, which takes the place of what is kept, unless that was removed in the meantime.
async function renewed(request, url) {
  const fresh = await fetch(request);
  if (!(await caches.match(url, { cacheName: name }))) return fresh;
  const cache = await caches.open(name);
  if (fresh.ok) await cache.put(url, fresh.clone());
  else if (fresh.status === 404 || fresh.status === 410) await cache.delete(url);
  return fresh;
}

// The page that says so, if possible in the language of the address.
async function offline(path) {
  const pages = (await (await caches.open(name)).keys()).map(({ url }) => url).filter((url) => url.endsWith("/offline/"));
  const wanted = [`${root}${path.split("/")[0]}/offline/`, `${root}offline/`];
  return wanted.find((url) => pages.includes(url)) ?? pages[0];
}
