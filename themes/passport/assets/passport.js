// Sharpens what is true without it: whether a badge has expired depends on the reader's day.
(() => {
  "use strict";
  // Material's search is a dialog without a name; its input has one.
  const search = document.querySelector(".md-search[role=dialog]");
  search?.setAttribute("aria-label", search.querySelector("input").getAttribute("aria-label"));

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
