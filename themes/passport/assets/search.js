// Finds listed people by name on sites that have many. The names lie in small files, cut by how they begin
// (pages/names.py): a question fetches the list of beginnings once, then one file.
//
// It answers below the results of Material's search box, and in any <form data-people-search> with an
// <input>, whose <div data-people-found> it fills. Nothing is loaded before the box is used.
(() => {
  "use strict";

  // The same as `fold` in Python: a test compares the two. Alef, yeh, teh marbuta, Persian yeh and kaf.
  const letters = { "ٱ": "ا", "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك", "ς": "σ", "ـ": "" };
  const fold = (text) =>
    text
      .normalize("NFKD")
      .toUpperCase()
      .toLowerCase()
      .normalize("NFKD")
      .replace(/[ٱىةیکςـ]/g, (letter) => letters[letter])
      .replace(/\p{Mn}/gu, "")
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();

  // Every word of the question begins a word of the name, each another one. The longest chooses first: what
  // fits it fits the shorter ones too, or none of them.
  const fits = (question, name) => {
    const words = fold(name).split(" ");
    return [...question].sort((a, b) => b.length - a.length).every((part) => {
      const at = words.findIndex((word) => word.startsWith(part));
      return at >= 0 && words.splice(at, 1);
    });
  };

  // The longest beginning that a text has among those there are, or the least that goes on from it.
  const longest = (beginnings, text) => {
    for (let end = text.length; end > 0; end--) {
      const number = beginnings.indexOf(text.slice(0, end));
      if (number >= 0) return number;
    }
    return -1;
  };

  // The node to ask. One that was not cut holds everybody whose words begin so; best is one that a single
  // word leads to, since the first of two words has to be whole. Else the one that says most.
  const node = ({ beginnings, cut }, question) => {
    const pairs = question.flatMap((a, i) => question.filter((_, j) => j !== i).map((b) => `${a} ${b}`));
    const asked = [question, pairs].map((texts) =>
      texts
        .map((text) => longest(beginnings, text))
        .filter((number) => number >= 0)
        .sort((a, b) => beginnings[b].length - beginnings[a].length),
    );
    const whole = asked.flat().find((number) => !cut.includes(number));
    return whole ?? asked[1][0] ?? asked[0][0] ?? -1;
  };

  if (typeof document === "undefined") {
    module.exports = { fold, fits, node };
    return;
  }

  const script = document.currentScript;
  const root = new URL("..", script.src);
  const texts = script.dataset;
  const files = new Map();
  const load = (name) => {
    if (!files.has(name)) {
      const answer = fetch(new URL(`search/people/${name}.json`, root)).then((r) => (r.ok ? r.json() : Promise.reject(r.status)));
      answer.catch(() => files.delete(name));
      files.set(name, answer);
    }
    return files.get(name);
  };

  const find = async (text) => {
    const question = fold(text).split(" ").filter(Boolean).slice(0, 6);
    if (!question.length) return null;
    const index = await load("index");
    const number = node(index, question);
    const { people, more } = number < 0 ? { people: [], more: 0 } : await load(number);
    const language = document.documentElement.lang;
    const home = new URL(language === index.default ? "passports/" : `${language}/passports/`, root);
    const found = people.filter(([name]) => fits(question, name));
    return { found: found.slice(0, 50), more: more > 0 || found.length > 50, home };
  };

  const element = (tag, className, text) => {
    const made = document.createElement(tag);
    made.className = className;
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const show = (place, answer) => {
    place.hidden = !answer;
    if (!answer) return;
    const list = element("ul", "pp-found__list");
    for (const [name, slug, badges] of answer.found) {
      const link = element("a", "pp-found__link");
      link.href = new URL(`${encodeURIComponent(slug)}/`, answer.home);
      link.append(element("bdi", "", name));
      const item = element("li", "");
      const number = new Intl.NumberFormat(document.documentElement.lang).format(badges);
      item.append(link, " ", element("span", "pp-faint", `${texts.badges}: ${number}`));
      list.append(item);
    }
    const said = !answer.found.length ? (answer.more ? texts.more : texts.nobody) : answer.more ? texts.more : "";
    const status = place.querySelector("[role=status]");
    const number = new Intl.NumberFormat(document.documentElement.lang).format(answer.found.length);
    status.textContent = answer.found.length ? `${texts.people}: ${number}${answer.more ? "+" : ""}. ${said}` : said;
    place.querySelector("ul")?.remove();
    if (answer.found.length) place.append(list);
  };

  const serve = (input, place) => {
    const status = element("p", "pp-found__status");
    status.setAttribute("role", "status");
    place.append(status);
    place.hidden = true;
    let last = 0;
    const ask = async () => {
      const turn = ++last;
      const answer = await find(input.value).catch(() => null);
      if (turn === last) show(place, answer);
    };
    input.addEventListener("focus", () => load("index").catch(() => {}), { once: true });
    input.addEventListener("input", ask);
    input.form?.addEventListener("reset", () => setTimeout(ask));
    if (input.value) ask();
  };

  const box = document.querySelector("input.md-search__input");
  const results = document.querySelector(".md-search__scrollwrap");
  if (box && results) {
    const place = element("section", "pp-found pp-found--box");
    place.setAttribute("aria-label", texts.people);
    results.append(place);
    serve(box, place);
  }
  for (const form of document.querySelectorAll("form[data-people-search]")) {
    form.addEventListener("submit", (event) => event.preventDefault());
    serve(form.querySelector("input"), form.parentElement.querySelector("[data-people-found]"));
  }
})();
