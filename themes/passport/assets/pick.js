// Badges of a passport that its address names, alone: ?pick=<award>,<award>. And a way to make such an address.
// Nothing is stored anywhere. Without this file all badges are shown.
(() => {
  "use strict";
  const held = document.getElementById("held");
  const panel = document.getElementById("pick");
  const button = document.querySelector("[data-pick]");
  if (!held || !panel || !button) return;
  const cards = new Map();
  for (const card of held.querySelectorAll(".pp-card")) {
    const id = /\/awards\/([0-9A-Z]{16})\/$/.exec(card.querySelector("a").pathname)?.[1];
    if (id) cards.set(id, card);
  }
  const place = button.closest("article") ?? document.body;
  const note = document.querySelector("[data-picked]");
  const count = document.querySelector("#badges .pp-count");
  const all = count.textContent;
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const asked = () => {
    const named = (new URLSearchParams(location.search).get("pick") ?? "").split(",");
    return [...new Set(named)].filter((id) => cards.has(id));
  };

  // A class, not hidden: that is what the filter sets.
  function show(ids) {
    place.classList.toggle("pp-picking", ids.length > 0);
    note.hidden = !ids.length;
    for (const [id, card] of cards) card.classList.toggle("pp-unpicked", ids.length > 0 && !ids.includes(id));
    count.textContent = ids.length ? number.format(ids.length) : all;
  }

  const link = document.getElementById("pick-link");
  const copy = panel.querySelector("[data-pick-copy]");
  const status = panel.querySelector("[data-pick-status]");
  const boxes = new Map();
  const say = (words) => (status.textContent = words);

  function update() {
    const ids = [...boxes].filter(([, box]) => box.checked).map(([id]) => id);
    link.value = ids.length ? `${location.origin}${location.pathname}?pick=${ids.join(",")}` : "";
    copy.disabled = !ids.length;
    say(panel.dataset.count.replace("{n}", number.format(ids.length)));
  }

  function choose() {
    const before = asked();
    show([]);
    for (const [id, card] of cards) {
      const label = document.createElement("label");
      const box = document.createElement("input");
      label.className = "pp-tick pp-screen";
      box.type = "checkbox";
      box.checked = before.includes(id);
      box.setAttribute("aria-label", panel.dataset.label.replace("{name}", () => card.querySelector(".pp-card__name").textContent.trim()));
      box.addEventListener("change", update);
      label.append(box);
      card.prepend(label);
      boxes.set(id, box);
    }
    update();
  }

  function stop() {
    for (const box of boxes.values()) box.parentElement.remove();
    boxes.clear();
    show(asked());
  }

  button.hidden = false;
  button.addEventListener("click", () => {
    panel.hidden = !panel.hidden;
    button.setAttribute("aria-expanded", String(!panel.hidden));
    if (panel.hidden) stop();
    else choose();
  });
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(link.value);
      say(panel.dataset.copied);
    } catch {
      link.select();
      say(panel.dataset.failed);
    }
  });
  link.addEventListener("focus", () => link.select());
  note.querySelector("[data-pick-all]").addEventListener("click", (event) => {
    event.preventDefault();
    const query = new URLSearchParams(location.search);
    query.delete("pick");
    history.pushState(history.state, "", (query.size ? `?${query}` : location.pathname) + location.hash);
    show([]);
    const heading = document.getElementById("badges");
    heading.tabIndex = -1;
    heading.focus();
  });
  addEventListener("popstate", () => show(panel.hidden ? asked() : []));
  show(asked());
})();
