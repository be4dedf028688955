// The verify page: takes a file, an address or a text, verifies it here, and shows what came out.

import { utf8 } from "./bytes.mjs";
import { Reader } from "./fetching.mjs";
import { learn, speak, verify } from "./index.mjs";
import { addressOf } from "./input.mjs";
import { MAX_BYTES } from "./json.mjs";
import { isPng } from "./png.mjs";
import { checkAssertion, checkSubject } from "./recipient.mjs";
import { isSvg } from "./svg.mjs";
import { _ } from "./texts.mjs";
import { documents, el, mine, missing, notice, steps, verdict, waiting } from "./view.mjs";

const data = JSON.parse(document.getElementById("pv-data").textContent);
const drop = document.getElementById("pv-drop");
const file = document.getElementById("pv-file");
const form = document.getElementById("pv-form");
const text = document.getElementById("pv-text");
const shown = document.getElementById("pv-result");
const copy = document.getElementById("pv-copy");
const reader = new Reader(data.base, new URL(data.root, location.href).href.split(/[?#]/, 1)[0]);

speak(data.texts);
learn(globalThis.badgePassportContexts);

let current = 0; // of several verifications only the last is shown
let picture = null; // the address of the picture that is shown, in this browser

async function start(bytes, type = "") {
  const mark = ++current;
  shown.setAttribute("aria-busy", "true");
  shown.replaceChildren(waiting());
  reader.read.clear();
  const result = await verify(bytes, { fetch: (url) => reader.fetch(url) });
  if (mark !== current) return;
  shown.removeAttribute("aria-busy");
  show(result, bytes, type);
}

function show(result, bytes, type) {
  const used = new Set(reader.read.values());
  const notices = [
    used.has("pasted") && _("Some documents were pasted by hand. The verdict is only as good as the place they were copied from."),
    used.has("copy") && _("This page is a copy of {base}, served at another address. Documents of that site were read in this copy: the verdict is only as good as the copy.", { base: data.base }),
    used.has("kept") && _("Some documents are those that were read when this page was opened; whether a badge was withdrawn since then is not known."),
  ].filter(Boolean);
  copy.hidden = !reader.isCopy || used.has("copy"); // then the result says it
  const recipients = result.parts.filter((part) => part.document && part.kind !== "endorsement");
  const again = (url, pasted) => {
    reader.pasted.set(url, utf8(pasted));
    void start(bytes, type);
  };
  shown.replaceChildren(...[
    verdict(result, image(bytes)),
    ...notices.map(notice),
    missing(result.unreachable, again),
    recipients.length ? mine((address) => compare(recipients, address)) : "",
    steps(result),
    documents(reader.read),
  ].filter((part) => part !== ""));
  document.getElementById("pv-verdict").focus({ preventScroll: true });
  shown.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}

/** The dropped picture itself. An SVG in an image cannot run scripts or read anything. */
function image(bytes) {
  if (picture) URL.revokeObjectURL(picture);
  picture = null;
  const type = isPng(bytes) ? "image/png" : isSvg(bytes) ? "image/svg+xml" : "";
  if (!type) return undefined;
  picture = URL.createObjectURL(new Blob([bytes], { type }));
  return el("img", { class: "pv-picture", src: picture, alt: "", width: "160", height: "160" });
}

function compare(parts, address) {
  const answers = [];
  for (const part of parts) {
    try {
      (part.kind === "ob2" ? checkAssertion : checkSubject)(part.document, address);
      answers.push(true);
    } catch {
      answers.push(false);
    }
  }
  if (answers.every(Boolean)) return "yes";
  if (answers.some(Boolean)) return "some";
  return parts.some(named) ? "no" : "nobody";
}

const named = ({ document: said }) =>
  said.recipient?.type === "email" || [said.credentialSubject?.identifier ?? []].flat().some((entry) => entry?.identityHash);

async function take(chosen) {
  if (!chosen) return;
  if (chosen.size > MAX_BYTES) return void start(new Uint8Array(MAX_BYTES + 1));
  history.replaceState(null, "", location.pathname + location.search);
  await start(new Uint8Array(await chosen.arrayBuffer()));
}

file.addEventListener("change", () => {
  void take(file.files[0]);
  file.value = ""; // so that the same file can be chosen again
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const value = text.value.trim();
  if (!value) return;
  const address = addressOf(value);
  history.replaceState(null, "", address ? `#url=${encodeURIComponent(address)}` : location.pathname + location.search);
  void start(utf8(value));
});

// A file may be dropped anywhere on the page; without this the browser would open it.
for (const kind of ["dragenter", "dragover", "dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    const items = event.dataTransfer;
    if (!items || ![...items.types].some((type) => type === "Files" || type === "text/uri-list" || type === "text/plain")) return;
    if (event.target === text && !items.types.includes("Files")) return; // text dropped into the field stays there
    event.preventDefault();
    drop.classList.toggle("pv-drop--over", kind === "dragenter" || kind === "dragover");
    if (kind !== "drop") return;
    if (items.files.length) void take(items.files[0]);
    else {
      text.value = items.getData("text/uri-list") || items.getData("text/plain");
      form.requestSubmit();
    }
  });
}

function fromAddress() {
  const found = /^#url=(.+)$/.exec(location.hash);
  if (!found) return;
  try {
    text.value = decodeURIComponent(found[1]);
  } catch {
    return;
  }
  form.requestSubmit();
}

window.addEventListener("hashchange", fromAddress);

copy.hidden = !reader.isCopy;
fromAddress();
void reader.keep(data.own);
