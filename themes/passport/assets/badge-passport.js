// <badge-passport src="https://…/passports/<slug>/passport.json" lang="en"></badge-passport>
// Shows a passport on any page. Texts of others are set as text only, and addresses are http(s) or left out.
(() => {
  "use strict";
  const WORDS = {
    en: { one: "1 badge", many: "{n} badges", nobody: "A participant", failed: "The badges could not be loaded.", all: "See the passport" },
    fr: { one: "1 badge", many: "{n} badges", nobody: "Une personne participante", failed: "Les badges n’ont pas pu être chargés.", all: "Voir le passeport" },
    ar: { one: "شارة واحدة", two: "شارتان", few: "{n} شارات", many: "{n} شارة", nobody: "مشارك", failed: "تعذّر تحميل الشارات.", all: "عرض جواز الشارات" },
  };
  const RTL = /^(ar|arc|ckb|dv|fa|he|ku|ps|sd|ug|ur|yi)(-|$)/i;
  const STYLE = `
:host { display: block; font: 1rem/1.4 system-ui, sans-serif; color-scheme: light dark; --bp-page: #fff; --bp-ink: #1c2730; --bp-soft: #55616b; --bp-line: #d9d4c7; --bp-brand: #1d3557; }
@media (prefers-color-scheme: dark) { :host { --bp-page: #1b2730; --bp-ink: #e8edf1; --bp-soft: #aab7c1; --bp-line: #34434f; --bp-brand: #8cc8f2; } }
:host([hidden]) { display: none; }
section { background: var(--bp-page); border: 1px solid var(--bp-line); border-block-start: 4px solid var(--bp-brand); border-radius: 12px; color: var(--bp-ink); padding: 1rem; }
h2 { font-size: 1.25rem; margin: 0; overflow-wrap: anywhere; }
p { color: var(--bp-soft); margin: 0; }
ul { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(8.5rem, 1fr)); list-style: none; margin: 1rem 0; padding: 0; }
li { font-size: .875rem; overflow-wrap: anywhere; text-align: center; }
img { display: block; height: 96px; margin: 0 auto .4rem; object-fit: contain; width: 96px; }
strong, span { display: block; }
span { color: var(--bp-soft); font-size: .8125rem; }
a { color: inherit; }
a:focus-visible { border-radius: 4px; outline: 3px solid var(--bp-brand); outline-offset: 2px; }`;

  const safe = (url, base) => {
    try {
      const found = new URL(url, base);
      return /^https?:$/.test(found.protocol) ? found.href : "";
    } catch {
      return "";
    }
  };

  function make(tag, text, attributes = {}) {
    const element = document.createElement(tag);
    if (text) element.textContent = text;
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  }

  function link(url, text) {
    const href = safe(url);
    return href ? make("a", text, { href, rel: "noopener" }) : make("bdi", text);
  }

  // As pages of the site write it: French has one ordinal, which browsers do not know.
  function written(day, tag) {
    const words = day.toLocaleDateString(tag === "en" ? "en-GB" : tag, { dateStyle: "long", timeZone: "UTC" });
    return /^fr\b/i.test(tag) ? words.replace(/^1 /, "1er ") : words;
  }

  class BadgePassport extends HTMLElement {
    static observedAttributes = ["src", "lang"];

    connectedCallback() {
      this.load();
    }

    attributeChangedCallback() {
      if (this.isConnected) this.load();
    }

    async load() {
      const src = this.getAttribute("src");
      const turn = (this.turn = {});
      const tag = this.closest("[lang]")?.lang || document.documentElement.lang || "en";
      const words = WORDS[tag.split("-")[0].toLowerCase()] || WORDS.en;
      const section = make("section", "", { dir: RTL.test(tag) ? "rtl" : "ltr" });
      const url = src && safe(src, document.baseURI);
      try {
        if (!url) throw new Error("no address");
        const answer = await fetch(url, { credentials: "omit", referrerPolicy: "no-referrer" });
        if (!answer.ok) throw new Error(answer.status);
        this.fill(section, await answer.json(), words, tag);
      } catch {
        section.replaceChildren(make("p", words.failed, { role: "alert" }));
      }
      if (turn !== this.turn) return; // another address was set meanwhile
      const root = this.shadowRoot || this.attachShadow({ mode: "open" });
      root.replaceChildren(make("style", STYLE), section);
    }

    fill(section, passport, words, tag) {
      const now = new Date();
      const holds = (a) => a.state === "issued" && !(a.expires && new Date(a.expires) < now);
      const held = passport.awards === undefined ? [] : passport.awards.filter(holds).reverse();
      const form = words[new Intl.PluralRules(tag).select(held.length)] || words.many;
      const heading = make("h2");
      heading.append(link(passport.page, String(passport.name || words.nobody)));
      const list = make("ul");
      for (const award of held) {
        const item = make("li");
        const image = safe(award.image);
        if (image) item.append(make("img", "", { src: image, alt: "", loading: "lazy", width: "96", height: "96" }));
        const name = make("strong");
        name.append(link(award.page, String(award.name)));
        const day = new Date(`${award.issuedOn}T00:00:00Z`);
        const date = isNaN(day) ? "" : written(day, tag);
        item.append(name, make("span", String(award.issuerName || "")), make("span", date));
        list.append(item);
      }
      section.append(heading, make("p", form.replace("{n}", held.length.toLocaleString(tag))), list);
      if (safe(passport.page)) section.append(link(passport.page, words.all));
    }
  }

  if (!customElements.get("badge-passport")) customElements.define("badge-passport", BadgePassport);
})();
