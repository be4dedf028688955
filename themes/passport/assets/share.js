// The share panel: copies, opens the system's share sheet and Mastodon, shows the QR code.
// Everything else in it is plain links, which work without this file.
(() => {
  "use strict";
  const panel = document.getElementById("share");
  if (!panel) return;
  const all = (selector) => panel.querySelectorAll(selector);
  const status = panel.querySelector(".ps-status");
  const { title, url, copied, failed } = panel.dataset;

  function say(words) {
    status.textContent = ""; // the same words again are news, too
    requestAnimationFrame(() => (status.textContent = words));
  }

  // A signature is pasted as it looks, where a program takes that, and as HTML elsewhere.
  function copy(text, rich) {
    if (!rich || !window.ClipboardItem) return navigator.clipboard.writeText(text);
    const as = (type) => new Blob([text], { type });
    return navigator.clipboard.write([
      new ClipboardItem({ "text/html": as("text/html"), "text/plain": as("text/plain") }),
    ]);
  }

  if (navigator.clipboard) {
    for (const button of all("[data-copy]")) {
      const field = document.getElementById(button.dataset.copy);
      button.hidden = false;
      button.addEventListener("click", async () => {
        try {
          await copy(field.value, "rich" in button.dataset);
          say(copied);
        } catch {
          field.select();
          say(failed);
        }
      });
    }
  }

  for (const field of all("input[readonly], textarea")) {
    field.addEventListener("focus", () => field.select());
  }

  const sheet = panel.querySelector("[data-sheet]");
  if (navigator.share) {
    sheet.hidden = false;
    // It is no failure when people close the sheet.
    sheet.addEventListener("click", () => navigator.share({ title, url }).catch(() => {}));
  }

  // The server's name out of what people paste: an address, a handle, or the name itself.
  function serverOf(text) {
    const name = text.trim().replace(/^https?:\/\//i, "").replace(/[/?#].*$/, "").replace(/^.*@/, "");
    try {
      const { host, hostname } = new URL(`https://${name}`);
      return /^[^.]+(\.[^.]+)+$/.test(hostname) ? host : "";
    } catch {
      return "";
    }
  }

  const toot = panel.querySelector(".ps-toot");
  const server = toot.elements.server;
  toot.hidden = false;
  server.addEventListener("input", () => server.setCustomValidity(""));
  toot.addEventListener("submit", (event) => {
    event.preventDefault();
    const host = serverOf(server.value);
    if (!host) {
      server.setCustomValidity(server.dataset.wrong);
      server.reportValidity();
      return;
    }
    window.open(`https://${host}/share?text=${encodeURIComponent(toot.dataset.text)}`, "_blank", "noopener");
  });

  // QR codes of the page and of its credential: what a link offers as a file, shown.
  for (const qr of document.querySelectorAll(".ps-qr")) {
    const place = qr.querySelector("[data-picture]");
    const image = document.createElement("img");
    Object.assign(image, { src: qr.querySelector("a[download]").href, alt: place.dataset.picture, width: 200, height: 200 });
    place.append(image);
  }
})();
