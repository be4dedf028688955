// Opens a private passport with the key in the fragment of the address. It is sent to nobody and stored nowhere.
(() => {
  "use strict";
  const place = document.getElementById("private");
  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const sealed = bytes(place.querySelector("[data-sealed]").textContent);
  const messages = [...place.querySelectorAll("[data-say]")];
  let opened = ""; // the key that opened it

  function say(name) {
    for (const message of messages) message.hidden = message.dataset.say !== name;
  }

  // AES-256-GCM: nonce, ciphertext and tag; what was published elsewhere does not open here.
  async function unseal(word, data, where) {
    const raw = bytes(word.replaceAll("-", "+").replaceAll("_", "/"));
    const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["decrypt"]);
    const how = { name: "AES-GCM", iv: data.subarray(0, 12), additionalData: new TextEncoder().encode(where) };
    return crypto.subtle.decrypt(how, key, data.subarray(12));
  }

  function show({ title, html }, word) {
    opened = word;
    document.title = title;
    place.innerHTML = html;
    const folder = location.pathname.match(/passports\/[^/]+\/$/)?.[0];
    for (const link of document.querySelectorAll("a[hreflang]")) {
      if (folder && link.pathname.endsWith(folder)) link.hash = `key=${word}`;
    }
    for (const link of place.querySelectorAll("[data-sealed]")) link.addEventListener("click", download);
    place.dispatchEvent(new Event("passport:shown", { bubbles: true }));
    const heading = place.querySelector("h1");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  }

  async function download(event) {
    event.preventDefault();
    const link = event.currentTarget;
    const answer = await fetch(link.href);
    const data = await unseal(opened, new Uint8Array(await answer.arrayBuffer()), link.dataset.sealed);
    const file = document.createElement("a");
    file.href = URL.createObjectURL(new Blob([data], { type: "application/zip" }));
    file.download = link.download;
    file.click();
    setTimeout(() => URL.revokeObjectURL(file.href), 60000);
  }

  async function start() {
    const word = (/^#key=(.*)$/.exec(location.hash) || [])[1];
    if (opened) {
      // A jump on the page must not take the key out of the address.
      if (!word) history.replaceState(history.state, "", `#key=${opened}`);
      return;
    }
    if (!word) return say("incomplete");
    if (!globalThis.crypto?.subtle || !globalThis.DecompressionStream) return say("insecure");
    say("opening");
    try {
      const packed = new Blob([await unseal(word, sealed, place.dataset.place)]);
      show(await new Response(packed.stream().pipeThrough(new DecompressionStream("deflate"))).json(), word);
    } catch {
      say("wrong");
    }
  }

  addEventListener("hashchange", start);
  start();
})();
