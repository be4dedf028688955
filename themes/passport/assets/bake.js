// “Download badge (PNG)” where a site stores no baked pictures: the badge is put into its picture here, as the
// build would have done it. Open Badges 2.0 and 3.0, section “Baking”: iTXt chunks after the header of the PNG.
(() => {
  "use strict";
  const HEAD = 33; // bytes of the signature and of the header chunk
  const table = Array.from({ length: 256 }, (_, number) => {
    for (let bit = 0; bit < 8; bit++) number = number & 1 ? (number >>> 1) ^ 0xedb88320 : number >>> 1;
    return number >>> 0;
  });

  function crc(bytes) {
    let sum = 0xffffffff;
    for (const byte of bytes) sum = table[(sum ^ byte) & 255] ^ (sum >>> 8);
    return ~sum >>> 0;
  }

  function chunk(keyword, text) {
    const body = new TextEncoder().encode(`iTXt${keyword}\0\0\0\0\0${text}`);
    const made = new Uint8Array(body.length + 8);
    const view = new DataView(made.buffer);
    view.setUint32(0, body.length - 4);
    made.set(body, 4);
    view.setUint32(body.length + 4, crc(body));
    return made;
  }

  async function get(url) {
    const answer = await fetch(url);
    if (!answer.ok) throw new Error(url);
    return answer;
  }

  async function baked({ image, assertion, credential }) {
    const png = new Uint8Array(await (await get(image)).arrayBuffer());
    const texts = [["openbadges", assertion], ["openbadgecredential", credential]].filter(([, url]) => url);
    const chunks = await Promise.all(
      texts.map(async ([keyword, url]) => chunk(keyword, (await (await get(url)).text()).trimEnd())),
    );
    return new Blob([png.subarray(0, HEAD), ...chunks, png.subarray(HEAD)], { type: "image/png" });
  }

  for (const button of document.querySelectorAll("[data-bake]")) {
    const status = document.querySelector("[data-bake-status]");
    button.hidden = false;
    button.addEventListener("click", async () => {
      try {
        const url = URL.createObjectURL(await baked(button.dataset));
        const link = Object.assign(document.createElement("a"), { href: url, download: button.dataset.bake });
        link.click();
        setTimeout(() => URL.revokeObjectURL(url), 60000);
        status.textContent = "";
      } catch {
        status.textContent = button.dataset.failed;
      }
    });
  }
})();
