// Two passports side by side: reads their passport.json, here or on any host that lets other sites read it, and
// shows what both have. Whose they are is in the address: ?a=…&b=…, each the name of a passport of this site or
// an address. Another site is asked only after its reader pressed the button, never by following a link.
(() => {
  "use strict";
  const form = document.getElementById("compare");
  const texts = form.dataset;
  const { base, root: up, prefix, names: words } = JSON.parse(document.getElementById("pc-data").textContent);
  const names = new Map(Object.entries(words));
  const root = new URL(up, location.href).href;
  const status = document.getElementById("pc-status");
  const result = document.getElementById("pc-result");
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const MOST = 5000; // badges that are shown of one passport
  const BYTES = 20_000_000;
  let turn = 0;

  // Function replacements: what is put in may have $ in it.
  const fill = (text, values) => Object.entries(values).reduce((all, [name, value]) => all.replace(`{${name}}`, () => value), text);
  const say = (words) => (status.textContent = words);
  class Refused extends Error {}

  const element = (tag, name = "", text = "") => {
    const made = document.createElement(tag);
    made.className = name;
    made.textContent = text;
    return made;
  };

  // Addresses of this site stand for where it is served now.
  const here = (text) => (text.startsWith(base) ? root + text.slice(base.length) : text);

  function web(text) {
    try {
      const url = new URL(here(String(text)));
      return url.protocol === "https:" || url.protocol === "http:" ? url : null;
    } catch {
      return null;
    }
  }

  // What this page calls a thing of this site, by its address.
  function own(text) {
    const url = web(text)?.href ?? "";
    return url.startsWith(root) ? names.get(url.slice(root.length)) : undefined;
  }

  // A page of this site in the language of this page.
  const page = (url) => (prefix && url.startsWith(root) ? root + prefix + url.slice(root.length) : url);
  const line = (value, otherwise = "") => (typeof value === "string" && value.trim() ? value.trim().slice(0, 300) : otherwise);
  const list = (value) => (Array.isArray(value) ? value.slice(0, MOST) : []).filter((one) => one && typeof one === "object");

  // People who are listed, if they are not found by search.js: what is written, and whose it is.
  let people;
  function load() {
    people ??= fetch(new URL("index.json", root))
      .then((answer) => answer.json())
      .then((index) => {
        const found = new Map();
        for (const { name, page: at } of list(index.passports)) {
          const slug = /\/passports\/([^/]+)\/$/.exec(at)?.[1];
          if (slug && name) found.set(found.has(name) ? `${name} (${slug})` : name, slug);
        }
        document.getElementById("pc-people").append(...[...found.keys()].map((name) => Object.assign(element("option"), { value: name })));
        return found;
      })
      .catch(() => {
        people = undefined;
        return new Map();
      });
    return people;
  }

  // What somebody wrote: where the passport's data may be, and how the address of this page calls it.
  async function locate(written) {
    const text = written.trim();
    const slug = (await (form.querySelector("datalist") ? load() : new Map())).get(text) ?? text;
    if (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug)) return { slug, short: slug, places: [`${root}passports/${slug}/passport.json`] };
    const url = web(text);
    if (!url || url.username || url.password) throw new Refused(fill(texts.wrong, { text: text.slice(0, 80) }));
    const found = /^(.*?)([^/]*\/)?passports\/([^/]+)\//.exec(url.pathname);
    if (url.href.startsWith(root) && found) return locate(found[3]);
    const plain = url.origin + (url.pathname.endsWith("passport.json") ? url.pathname : `${url.pathname.replace(/\/?$/, "/")}passport.json`);
    // A page may be that of a language, and data have none.
    const other = found?.[2] ? [`${url.origin}${found[1]}passports/${found[3]}/passport.json`] : [];
    return { short: url.origin + url.pathname, places: [plain, ...other], host: url.host, foreign: url.origin !== location.origin };
  }

  const get = (address) => fetch(address, { credentials: "omit", referrerPolicy: "no-referrer", signal: AbortSignal.timeout(20_000) });

  async function read({ slug, short, places, host, foreign }) {
    let text = "";
    for (const address of places) {
      const answer = await get(address).catch(() => null);
      if (!answer && foreign) throw new Refused(fill(texts.unreachable, { host }));
      if (answer?.ok) {
        text = await answer.text();
        break;
      }
    }
    let said = null;
    try {
      if (text.length < BYTES) said = JSON.parse(text);
    } catch {
      // not a passport
    }
    if (!said || !Array.isArray(said.awards ?? [])) {
      const shown = slug ? await get(`${root}passports/${slug}/`).then((r) => (r.ok ? r.text() : ""), () => "") : "";
      const sealed = shown && new DOMParser().parseFromString(shown, "text/html").querySelector("[data-sealed]");
      throw new Refused(fill(sealed ? texts.private : texts.missing, { address: short }));
    }
    // Pictures come from the site that the reader asked, or from this one: from nowhere else.
    const picture = (value) => {
      const url = web(value);
      return url && (url.origin === new URL(places[0]).origin || url.origin === location.origin) ? url.href : "";
    };
    const badges = new Map();
    for (const award of list(said.awards)) {
      const url = web(award.badge);
      if (award.state !== "issued" || !url) continue;
      // One badge in all its versions and languages.
      const key = url.href.replace(/(v\/[^/]+\/)?badge\.[^/]+\.json$/, "");
      badges.set(key, {
        name: own(key) || line(award.name, key),
        issuer: own(award.issuer) || line(award.issuerName),
        image: picture(award.image),
        href: page(key),
      });
    }
    const competences = new Map();
    for (const one of list(said.competences)) {
      const url = web(one.id);
      if (!url) continue;
      const levels = (Array.isArray(one.levels) ? one.levels : []).slice(0, 20).map((level) => line(level)).filter(Boolean);
      competences.set(url.href, { name: own(url.href) || line(one.name, url.href), href: page(url.href), levels });
    }
    const at = web(said.page);
    return { id: web(said.id)?.href ?? places[0], name: line(said.name, texts.nobody), href: at ? page(at.href) : "", badges, competences };
  }

  function link(href, name, text) {
    const made = element(href ? "a" : "span", name);
    if (href) Object.assign(made, { href, rel: "noopener" });
    made.append(element("bdi", "", text));
    return made;
  }

  function card({ name, issuer, image, href }) {
    const item = element("li", "pp-card");
    const to = link(href, "pp-card__link", "");
    const stage = element("span", "pp-card__stage");
    if (image) {
      stage.append(Object.assign(element("img", "pp-card__image"), { src: image, alt: "", width: 160, height: 160, loading: "lazy", referrerPolicy: "no-referrer" }));
    }
    to.replaceChildren(stage, element("span", "pp-card__name", name));
    item.append(to, element("span", "pp-card__issuer", issuer));
    return item;
  }

  function part(name, badges, title) {
    const place = result.querySelector(`[data-part="${name}"]`);
    if (title) place.querySelector("[data-title]").textContent = title;
    place.querySelector(".pp-count").textContent = number.format(badges.length);
    place.querySelector("[data-none]").hidden = badges.length > 0;
    const cards = place.querySelector("ul");
    cards.hidden = !badges.length;
    cards.replaceChildren(...badges.map(card));
  }

  function levels(person, id) {
    const cell = element("td");
    const found = person.competences.get(id);
    if (!found) cell.append(element("span", "pp-faint", texts.not));
    else if (!found.levels.length) cell.append(texts.level);
    else found.levels.forEach((level) => cell.append(element("span", "pp-chip pp-chip--level", level), " "));
    return cell;
  }

  function show(a, b) {
    result.querySelector(".pc-people").replaceChildren(
      ...[a, b].map((person) => {
        const item = element("li");
        item.append(link(person.href, "", person.name));
        return item;
      }),
    );
    const only = (one, other) => [...one.badges].filter(([key]) => !other.badges.has(key)).map(([, badge]) => badge);
    part("both", [...a.badges].filter(([key]) => b.badges.has(key)).map(([, badge]) => badge));
    part("a", only(a, b), fill(texts.only, { name: a.name }));
    part("b", only(b, a), fill(texts.only, { name: b.name }));
    const all = new Map([...b.competences, ...a.competences]);
    const table = result.querySelector(".pc-table");
    result.querySelector("[data-competences]").hidden = !all.size;
    [a, b].forEach((person, at) => table.tHead.rows[0].cells[at + 1].replaceChildren(element("bdi", "", person.name)));
    table.tBodies[0].replaceChildren(
      ...[...all].sort(([, x], [, y]) => x.name.localeCompare(y.name, document.documentElement.lang)).map(([id, { name, href }]) => {
        const row = element("tr");
        const head = element("th");
        head.scope = "row";
        head.append(link(href, "", name));
        row.append(head, levels(a, id), levels(b, id));
        return row;
      }),
    );
    result.hidden = false;
  }

  // `pressed`: the reader wants it now; else the address of the page does.
  async function compare(pressed) {
    const mine = ++turn;
    result.hidden = true;
    say(texts.loading);
    try {
      const [one, two] = await Promise.all([locate(form.elements.a.value), locate(form.elements.b.value)]);
      if (mine !== turn) return;
      if (pressed) history.pushState(null, "", `?${new URLSearchParams({ a: one.short, b: two.short })}`);
      const host = [one, two].find((place) => place.foreign)?.host;
      if (host && !pressed) return say(fill(texts.ask, { host }));
      const [a, b] = await Promise.all([read(one), read(two)]);
      if (mine !== turn) return;
      if (a.id === b.id) throw new Refused(texts.same);
      show(a, b);
      say(fill(texts.done, { a: a.name, b: b.name }));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (mine === turn) say(error.message);
    }
  }

  function start() {
    const query = new URLSearchParams(location.search);
    for (const name of ["a", "b"]) form.elements[name].value = (query.get(name) ?? "").slice(0, 2000);
    turn++;
    result.hidden = true;
    say("");
    if (query.get("a") && query.get("b")) compare(false);
  }

  for (const field of [form.elements.a, form.elements.b]) {
    if (form.querySelector("datalist")) field.addEventListener("focus", load, { once: true });
    // Who is found by search.js is taken, not opened.
    field.closest(".pc-field").addEventListener("click", (event) => {
      const chosen = event.target.closest(".pp-found__link");
      if (!chosen) return;
      event.preventDefault();
      field.value = /\/passports\/([^/]+)\/$/.exec(chosen.pathname)?.[1] ?? "";
      field.dispatchEvent(new Event("input"));
      field.focus();
    });
  }
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    compare(true);
  });
  addEventListener("popstate", start);
  start();
})();
