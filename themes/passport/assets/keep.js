// “Keep this passport on this device”: the passport, the pages of its badges, and what they are shown with, for
// when there is no network. Until the button is pressed nothing is stored, and the worker is not there.
(() => {
  "use strict";
  if (!navigator.serviceWorker || !window.caches) return;
  const root = new URL("../", document.currentScript.src).href;
  const prefix = `passport:${new URL(root).pathname}:`;
  const here = location.origin + location.pathname; // without the key of a private one
  const inside = (url) => url.startsWith(root);
  const mark = (slug) => `${root}.kept/${slug}`;
  const names = async () => (await caches.keys()).filter((name) => name.startsWith(prefix));
  const stores = async () => Promise.all((await names()).map((name) => caches.open(name)));

  // The pages of a passport that are kept, in the languages it was looked at in; null if it is not.
  async function kept(slug) {
    for (const store of await stores()) {
      const list = await store.match(mark(slug));
      if (list) return list.json();
    }
    return null;
  }

  const awards = () =>
    [...document.querySelectorAll("#content a[href]")]
      .map((link) => link.href.split(/[?#]/)[0])
      .filter((url) => inside(url) && /\/awards\/\w+\/$/.test(url));

  function needs(page, base) {
    const found = page.querySelectorAll(
      "script[src], img[src], link[rel=stylesheet], link[rel=preload], link[rel=icon], link[rel=manifest]",
    );
    return [...found].map((one) => new URL(one.getAttribute("src") ?? one.getAttribute("href"), base).href);
  }

  async function keep(slug, before) {
    const pages = [...new Set([here, here.replace(/passports\/[^/]+\/$/, "offline/"), ...awards()])];
    const files = new Set(needs(document, location.href));
    for (const { name, initiatorType } of performance.getEntriesByType("resource")) {
      if (initiatorType === "css") files.add(name); // fonts
    }
    const all = await stores();
    const put = async (url) => {
      const answer = await fetch(url, { cache: "no-cache" });
      if (!answer.ok) throw new Error(url);
      const text = pages.includes(url) ? await answer.clone().text() : "";
      if (text) for (const file of needs(new DOMParser().parseFromString(text, "text/html"), url)) files.add(file);
      await Promise.all(all.map((store) => store.put(url, answer.clone())));
    };
    await Promise.all(pages.map(put));
    await Promise.all([...files].filter(inside).map(put));
    const list = JSON.stringify([...new Set([...before, ...pages])]);
    await Promise.all(all.map((store) => store.put(mark(slug), new Response(list))));
  }

  async function remove(slug) {
    const gone = [mark(slug), ...((await kept(slug)) ?? []).filter((url) => !url.endsWith("/offline/"))];
    for (const store of await stores()) for (const url of gone) await store.delete(url);
    for (const store of await stores()) {
      if ((await store.keys()).some(({ url }) => url.startsWith(mark("")))) return; // another passport stays
    }
    for (const name of await names()) await caches.delete(name);
    await (await navigator.serviceWorker.getRegistration(root))?.unregister();
  }

  async function start(place) {
    const button = place.querySelector("[data-keep]");
    if (!button) return;
    const { keep: slug, keepText, removeText, kept: done, removed, failed } = button.dataset;
    const say = (words) => (place.querySelector("[data-keep-status]").textContent = words);
    let list = await kept(slug);
    const label = () => (button.textContent = list ? removeText : keepText);
    label();
    button.hidden = false;
    button.addEventListener("click", async () => {
      if (button.ariaBusy === "true") return;
      button.ariaBusy = "true";
      const was = list;
      try {
        if (was) await remove(slug);
        else {
          await navigator.serviceWorker.register(`${root}sw.js`, { scope: root, updateViaCache: "none" });
          await navigator.serviceWorker.ready;
          await keep(slug, []);
        }
        say(was ? removed : done);
      } catch {
        if (!was) await remove(slug);
        say(failed);
      }
      list = await kept(slug);
      label();
      button.ariaBusy = "false";
    });
    // Another language, or a badge that came since.
    if (list && [here, ...awards()].some((url) => !list.includes(url))) keep(slug, list).catch(() => {});
  }

  // On the page that stands in place of what is not kept: the passports that are. A private one needs its key.
  async function offer(list) {
    const [store] = await stores();
    for (const { url } of (await store?.keys()) ?? []) {
      if (!url.startsWith(mark(""))) continue;
      const pages = (await (await store.match(url)).json()).filter((one) => /\/passports\/[^/]+\/$/.test(one));
      const page = pages.find((one) => one.startsWith(new URL("../passports/", here).href)) ?? pages[0];
      const text = await (await store.match(page))?.text();
      const passport = new DOMParser().parseFromString(text ?? "", "text/html");
      const name = passport.querySelector("h1");
      if (!name || passport.getElementById("private")) continue;
      const link = document.createElement("a");
      Object.assign(link, { className: "pp-button pp-button--main", dir: "auto", href: page, textContent: name.textContent });
      list.appendChild(document.createElement("li")).append(link);
      list.hidden = false;
    }
  }

  const list = document.querySelector("[data-kept-list]");
  if (list) offer(list);
  document.addEventListener("passport:shown", (event) => start(event.target)); // a private one, decrypted
  start(document);
})();
