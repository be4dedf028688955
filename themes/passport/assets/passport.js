// Sharpens what is true without it: whether a badge has expired depends on the reader's day.
(() => {
  "use strict";
  const now = Date.now();
  for (const chip of document.querySelectorAll("[data-expires]")) {
    if (Date.parse(chip.dataset.expires) <= now) {
      chip.textContent = chip.dataset.expired;
      chip.classList.remove("pp-chip--valid");
      chip.classList.add("pp-chip--revoked");
      chip.hidden = false;
    }
  }
})();
