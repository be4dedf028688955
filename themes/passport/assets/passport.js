// Sharpens what is true without it: whether a badge has expired depends on the reader's day.
(() => {
  "use strict";
  // Material's search is a dialog without a name; its input has one.
  const search = document.querySelector(".md-search[role=dialog]");
  search?.setAttribute("aria-label", search.querySelector("input").getAttribute("aria-label"));

  // Material opens its menu, and the parts of it, by labels: to a keyboard and to a screen reader they are buttons.
  const drawer = document.getElementById("__drawer");
  const menu = document.querySelector(".md-sidebar--primary > * nav");
  const opener = document.querySelector(".md-header [for=__drawer]");

  function button(label, opened, closed) {
    const toggle = document.getElementById(label.htmlFor);
    const tell = () => label.setAttribute("aria-expanded", String(toggle.checked));
    label.setAttribute("role", "button");
    label.tabIndex = 0;
    label.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      event.stopPropagation(); // Material would press it once more
      toggle.click();
      (toggle.checked ? opened : closed).focus();
    });
    toggle.addEventListener("change", tell);
    tell();
  }

  if (drawer && menu && opener) {
    const close = () => drawer.checked && drawer.click();
    menu.tabIndex = -1;
    opener.setAttribute("aria-label", menu.getAttribute("aria-label"));
    button(opener, menu, opener);
    for (const part of menu.querySelectorAll(".md-nav__item--nested")) {
      const [label, back] = [part.querySelector("label.md-nav__link"), part.querySelector(".md-nav__title")];
      if (!label || !back) continue;
      button(label, back, label);
      button(back, back, label);
    }
    document.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !drawer.checked) return;
      close();
      opener.focus();
    });
    // An open menu lies over the page: what has the focus must not lie under it.
    menu.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !menu.contains(relatedTarget) && relatedTarget !== opener) close();
    });
  }

  function sharpen(place) {
    for (const button of place.querySelectorAll("[data-print]")) {
      button.hidden = false;
      button.addEventListener("click", () => window.print());
    }
    const now = Date.now();
    const due = [...place.querySelectorAll("[data-expires]")].filter((chip) => Date.parse(chip.dataset.expires) <= now);
    const sizes = () => due.map((chip) => [chip.offsetWidth, chip.offsetHeight]);
    const before = sizes();
    for (const chip of due) {
      chip.textContent = chip.dataset.expired;
      chip.classList.replace("pp-chip--valid", "pp-chip--revoked");
    }
    // Room in place of what was longer: nothing around it moves.
    sizes().forEach(([width, height], number) => {
      due[number].style.marginInlineEnd = `${before[number][0] - width}px`;
      due[number].style.marginBlockEnd = `${before[number][1] - height}px`;
    });
    for (const count of place.querySelectorAll("[data-expired-in]")) {
      const list = document.getElementById(count.dataset.expiredIn);
      const number = list.querySelectorAll("[data-expires].pp-chip--revoked").length;
      const text = count.querySelector("[data-text]");
      text.textContent = text.dataset.text.replace("{n}", number.toLocaleString(document.documentElement.lang));
      count.classList.toggle("pp-expired--some", number > 0);
    }
  }

  // A private passport comes later: once it is decrypted.
  document.addEventListener("passport:shown", (event) => sharpen(event.target));
  sharpen(document);
})();
