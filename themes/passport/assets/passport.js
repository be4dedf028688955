// Sharpens what is true without it: whether a badge has expired depends on the reader's day.
(() => {
  "use strict";
  // Material's search is a dialog without a name; its input has one.
  const search = document.querySelector(".md-search[role=dialog]");
  search?.setAttribute("aria-label", search.querySelector("input").getAttribute("aria-label"));

  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }

  const now = Date.now();
  for (const chip of document.querySelectorAll("[data-expires]")) {
    if (Date.parse(chip.dataset.expires) <= now) {
      // Nothing around it moves.
      chip.style.minInlineSize = `${chip.offsetWidth}px`;
      chip.style.minBlockSize = `${chip.offsetHeight}px`;
      chip.textContent = chip.dataset.expired;
      chip.classList.remove("pp-chip--valid");
      chip.classList.add("pp-chip--revoked");
    }
  }
})();
