// Material starts its search when a page opens: a worker and the whole index, 25 kB and more, for readers who
// may never search. It runs before Material's script and hands it stand-ins, which wake at the first sign
// that somebody is about to search.
(() => {
  "use strict";
  const toggle = document.getElementById("__search");
  if (!toggle) return;

  const awake = new Promise((wake) => {
    toggle.addEventListener("change", wake, { once: true });
    document.querySelector(".md-search")?.addEventListener("focusin", wake, { once: true });
    document.querySelector(".md-header [for=__search]")?.addEventListener("pointerdown", wake, { once: true });
    if (new URLSearchParams(location.search).has("q")) wake();
  });

  const { open, send } = XMLHttpRequest.prototype;
  const waiting = new WeakSet();
  XMLHttpRequest.prototype.open = function (method, address, ...more) {
    if (String(address).endsWith("/search/search_index.json")) waiting.add(this);
    return open.call(this, method, address, ...more);
  };
  XMLHttpRequest.prototype.send = function (body) {
    if (waiting.has(this)) awake.then(() => send.call(this, body));
    else send.call(this, body);
  };

  const Real = globalThis.Worker;
  globalThis.Worker = function (address, options) {
    if (!String(address).includes("/workers/search")) return new Real(address, options);
    const { port1: ours, port2: theirs } = new MessageChannel();
    awake.then(() => {
      const worker = new Real(address, options);
      worker.addEventListener("message", ({ data }) => ours.postMessage(data));
      ours.onmessage = ({ data }) => worker.postMessage(data);
    });
    theirs.start();
    return theirs;
  };
})();
