// Filters a list by what its items say of themselves. The state is the query string of the page, so a
// filtered list can be shared. Without scripts the form is not there (noscript.css) and everything is listed.
//
//   <form class="pp-js" data-filter="list">       the id of the container
//     <select name="type"> <input name="words" type="search"> <input type="checkbox" name="language" value="fr">
//     <a data-filter-clear href="?">              shown while anything is chosen
//     <p data-filter-count role="status" data-text="Badges: {n}">        the number takes the place of {n}
//   </form>
//   <div id="list" data-filter-list>
//     <section data-filter-group>                 hidden when nothing in it is left
//       <li data-f-type="trainer" data-f-language="en fr" data-f-text="more words to find it by">
//     <p data-filter-none hidden>                 shown when nothing is left at all
//   </div>
//
// A control named NAME asks for items whose data-f-NAME has its value, one of the words there; several
// values of one name are alternatives. The name words is different: each of them has to occur in the text
// of the item or in its data-f-text, without regard to capitals, accents and forms of Arabic letters. (Not
// q: Material opens its own search for it.)
(() => {
  "use strict";

  const letters = { "ٱ": "ا", "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك", "ς": "σ", "ـ": "" };
  const fold = (text) =>
    text
      .normalize("NFKD")
      .toUpperCase()
      .toLowerCase()
      .normalize("NFKD")
      .replace(/[ٱىةیکςـ]/g, (letter) => letters[letter])
      .replace(/\p{Mn}/gu, "");

  const start = (form) => {
    const list = document.getElementById(form.dataset.filter);
    const find = (place, name) => place.querySelector(`[data-filter-${name}]`);
    const names = [...new Set([...form.elements].map((control) => control.name).filter(Boolean))];
    const attribute = (name) => `data-f-${name}`;
    const items = [...list.querySelectorAll("*")].filter((element) =>
      element.getAttributeNames().some((name) => name.startsWith("data-f-")),
    );
    const text = new Map(items.map((item) => [item, fold(`${item.textContent} ${item.dataset.fText ?? ""}`)]));
    const number = new Intl.NumberFormat(document.documentElement.lang);

    const wanted = () => {
      const asked = new URLSearchParams();
      for (const [name, value] of new FormData(form)) if (String(value).trim()) asked.append(name, String(value).trim());
      return asked;
    };

    const apply = () => {
      const asked = wanted();
      const words = fold(asked.get("words") ?? "").split(/\s+/).filter(Boolean);
      const rules = names.filter((name) => name !== "words" && asked.has(name)).map((name) => [attribute(name), asked.getAll(name)]);
      let left = 0;
      for (const item of items) {
        const fits =
          rules.every(([name, values]) => {
            const has = (item.getAttribute(name) ?? "").split(" ");
            return values.some((value) => has.includes(value));
          }) && words.every((word) => text.get(item).includes(word));
        item.hidden = !fits;
        left += fits;
      }
      for (const group of list.querySelectorAll("[data-filter-group]")) {
        group.hidden = !items.some((item) => !item.hidden && group.contains(item));
      }
      const none = find(list, "none");
      if (none) none.hidden = left > 0;
      const clear = find(form, "clear");
      if (clear) clear.hidden = !asked.size;
      const count = find(form, "count");
      if (count) count.textContent = count.dataset.text.replace("{n}", number.format(left));
    };

    // From the address to the form; what the form has no place for stays in the address.
    const read = () => {
      const query = new URLSearchParams(location.search);
      for (const control of form.elements) {
        if (!control.name) continue;
        const values = query.getAll(control.name);
        if (control.type === "checkbox") control.checked = values.includes(control.value);
        else if (control.tagName === "SELECT") {
          for (const option of control.options) option.selected = values.includes(option.value) || (!values.length && !option.value);
        } else control.value = values[0] ?? "";
      }
      apply();
      if ([...wanted()].length) form.closest("details")?.setAttribute("open", "");
    };

    const write = () => {
      const query = new URLSearchParams(location.search);
      for (const name of names) query.delete(name);
      for (const [name, value] of wanted()) query.append(name, value);
      const said = query.toString();
      history.replaceState(history.state, "", (said ? `?${said}` : location.pathname) + location.hash);
      apply();
    };

    form.addEventListener("input", write);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      write();
    });
    find(form, "clear")?.addEventListener("click", (event) => {
      event.preventDefault();
      for (const control of form.elements) {
        if (control.type === "checkbox") control.checked = false;
        else if (control.tagName === "SELECT") control.selectedIndex = 0;
        else if (control.name) control.value = "";
      }
      write();
      [...form.elements].find((control) => control.name)?.focus();
    });
    addEventListener("popstate", read);
    read();
  };

  for (const form of document.querySelectorAll("form[data-filter]")) start(form);
})();
