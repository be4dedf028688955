// The claim panel: turns a participant's choices into a request that is signed with the code of their link.
// The code stays in the address bar. It is part of no request, no message and no storage.
(() => {
  "use strict";
  const panel = document.getElementById("claim");
  if (!panel) return;
  const get = (id) => document.getElementById(`pc-${id}`);
  let form; // what all awards of an issuer share: fetched when somebody comes with a code
  const bytes = (text) => new TextEncoder().encode(text);
  let text = "";
  let turn = 0;
  let signing = false; // what is there is about to be replaced
  let blob = "";

  const code = () => (/^#claim=([0-9A-HJKMNP-TV-Z]{24})$/i.exec(location.hash) || [])[1]?.toUpperCase();

  // RFC 8785, which for texts, whole numbers and truth values is sorted keys.
  const canonical = (value) => JSON.stringify(value, Object.keys(value).sort());

  async function proof(secret, value) {
    const hash = { name: "HMAC", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("raw", bytes(secret), hash, false, ["sign"]);
    const mark = new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes(canonical(value))));
    return Array.from(mark, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  // What could make a text read as something else goes; see "clean" where requests are read.
  const clean = (name) =>
    name.normalize("NFC").replace(/[\p{Cs}\u202a-\u202e\u2066-\u2069]/gu, "").replace(/[\s\p{Cc}]+/gu, " ").trim();

  function request() {
    const data = new FormData(form);
    const erase = data.get("answer") === "erase";
    const value = {
      type: "BadgePassportRequest",
      version: 1,
      site: panel.dataset.site,
      award: panel.dataset.award,
      answer: erase ? "declined" : data.get("answer"),
      acceptAll: !erase && data.has("acceptAll"),
    };
    if (!erase) {
      for (const key of ["visibility", "display", "language"]) {
        if (data.get(key)) value[key] = data.get(key);
      }
      const called = clean(data.get(value.display) || "");
      if (called) value[value.display === "full" ? "name" : "pseudonym"] = called;
    }
    return { ...value, erase, made: new Date().toISOString() };
  }

  async function update() {
    const secret = code();
    const mine = ++turn;
    const erase = form.elements.answer.value === "erase";
    form.querySelector(".pc-rest").hidden = erase;
    for (const field of form.querySelectorAll(".pc-field")) {
      const input = field.querySelector("input");
      field.hidden = form.elements.display.value !== input.name;
      input.disabled = field.hidden || erase;
      input.required = !input.disabled;
    }
    if (!secret || !form.checkValidity()) return;
    const value = request();
    signing = true;
    value.proof = await proof(secret, value);
    if (mine !== turn) return;
    signing = false;
    text = `${panel.dataset.sentence}\n\n\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\`\n`;
    get("text").textContent = text;
    const { contact, subject, issues, forge } = panel.dataset;
    const to = encodeURIComponent(contact).replace("%40", "@");
    const body = encodeURIComponent(text.replaceAll("\n", "\r\n"));
    get("mail").href = `mailto:${to}?subject=${encodeURIComponent(subject)}&body=${body}`;
    if (issues) {
      const url = new URL(issues);
      const names = forge === "gitlab" ? ["issue[title]", "issue[description]"] : ["title", "body"];
      [subject, text].forEach((part, number) => url.searchParams.set(names[number], part));
      get("issue").href = url.href;
    }
    get("file").download = `${get("file").dataset.name}-${value.award}.txt`;
    URL.revokeObjectURL(blob);
    blob = get("file").href = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  }

  function say(words) {
    get("status").textContent = "";
    requestAnimationFrame(() => (get("status").textContent = words));
  }

  async function copy(button) {
    try {
      await navigator.clipboard.writeText(text);
      say(button.dataset.said);
    } catch {
      get("text").closest("details").open = true;
      getSelection().selectAllChildren(get("text"));
      say(button.dataset.failed);
    }
  }

  async function load() {
    const place = get("rest");
    try {
      const answer = await fetch(place.dataset.form);
      if (!answer.ok) throw new Error(answer.status);
      place.innerHTML = await answer.text();
    } catch {
      get("lost").hidden = false;
      return false;
    }
    form = get("form");
    form.addEventListener("input", update);
    form.addEventListener("submit", (event) => event.preventDefault());
    for (const control of form.querySelectorAll("[data-said]")) {
      control.addEventListener("click", (event) => {
        if (!form.reportValidity()) event.preventDefault();
        else if (signing) {
          event.preventDefault();
          setTimeout(() => control.click(), 20);
        } else if (control === get("copy")) copy(control);
        else say(control.dataset.said);
      });
    }
    return true;
  }

  async function start() {
    panel.hidden = !code();
    if (panel.hidden || !(form || (await load()))) return;
    const secure = Boolean(globalThis.crypto?.subtle);
    get("insecure").hidden = secure;
    form.hidden = !secure;
    if (secure) update();
  }

  addEventListener("hashchange", start);
  start();
})();
