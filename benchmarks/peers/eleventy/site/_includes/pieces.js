// Pieces that several pages share.
import { badges, issuers, shell, site } from "./data.js";

const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;" };
export const escape = (text) => (/[&<>"']/.test(text) ? text.replace(/[&<>"']/g, (c) => ESCAPES[c]) : text);

const pieces = new Map(); // the frame for pages so deep
export function page(root, title, head, main) {
  let frame = pieces.get(root);
  if (!frame) pieces.set(root, (frame = shell.map((piece) => piece.replaceAll("@@root@@", root))));
  const name = `${escape(title)} - ${escape(site.name)}`;
  return frame[0] + head + frame[1] + name + frame[2] + name + frame[3] + main + frame[4];
}

// JSON without what is null, as a file.
export const json = (value) => JSON.stringify(value, (_, v) => v ?? undefined).replace(/[&<>]/g, unicode) + "\n";
const unicode = (c) => `\\u00${c.charCodeAt(0).toString(16)}`;
const script = (node) => `<script type="application/ld+json">${JSON.stringify(node).replace(/[&<>']/g, unicode)}</script>\n`;

export const level = ({ level, levelname }) =>
  `<span class="pp-chip pp-chip--level"><span class="pp-visually-hidden">Level </span><bdi>${escape(level)}</bdi>${
    levelname ? `<span class="pp-chip__more"> · ${escape(levelname)}</span>` : ""
  }</span>`;

export const graph = ({ title, description, url, image, alt }) => `<meta property="og:type" content="website">
<meta property="og:site_name" content="${escape(site.name)}">
<meta property="og:title" content="${escape(title)}">
<meta property="og:description" content="${escape(description)}">
<meta property="og:url" content="${url}">
${
  alt
    ? `<meta property="og:image" content="${image}">
<meta property="og:image:width" content="1200">
<meta property="og:image:height" content="630">
<meta property="og:image:alt" content="${escape(alt)}">
<meta name="twitter:card" content="summary_large_image">`
    : image
      ? `<meta property="og:image" content="${image}">
<meta name="twitter:card" content="summary">`
      : ""
}
`;

export const organisation = (slug) => ({
  "@type": "Organization",
  name: issuers[slug].name,
  url: issuers[slug].url,
  mainEntityOfPage: `${site.url}issuers/${slug}/`,
});

export const structured = (badge, url, award) =>
  script({
    "@context": "https://schema.org",
    "@type": "EducationalOccupationalCredential",
    name: badge.name,
    description: badge.plain,
    image: `${site.url}badges/${badge.ref}/v/${badge.version}/image.png`,
    inLanguage: "en",
    credentialCategory: "badge",
    educationalLevel: badge.level,
    recognizedBy: organisation(badge.issuer),
    competencyRequired: badge.alignments.map((a) => ({
      "@type": "DefinedTerm",
      name: a.name,
      url: site.url + a.path,
      inDefinedTermSet: a.framework,
    })),
    ...(badge.validfor ? { validFor: badge.validfor } : {}),
    url,
    ...(award ? { identifier: award.id, dateCreated: award.issued.iso } : {}),
    ...(award?.expires ? { expires: award.expires.iso } : {}),
  });
export { script };

export const alignments = (list, root) => `<ul class="pp-competences">
${list
  .map(
    (a) => `  <li>
    <a href="${root}${a.path}">${escape(a.name)}</a>
    ${a.level ? level(a) : ""}
<span class="pp-faint">${escape(a.framework)}</span>  </li>
`,
  )
  .join("")}</ul>
`;

export const qr = ({ side, path }) =>
  `data:image/svg+xml,%3Csvg%20xmlns=%27http://www.w3.org/2000/svg%27%20viewBox=%270%200%20${side}%20${side}%27%20width=%27${
    8 * side
  }%27%3E%3Cpath%20fill=%27%23fff%27%20d=%27M0,0h${side}v${side}H0z%27/%3E%3Cpath%20stroke=%27%23000%27%20d=%27${path}%27/%3E%3C/svg%3E`;

const frame = (url, title, height) =>
  `<iframe src="${url}embed/" title="${escape(title)}" width="420" height="${height}" loading="lazy" style="border:0;max-width:100%"></iframe>`;

const code = (name, label, text, rich = "") => `<div class="ps-code"><label for="ps-${name}">${label}</label>
<textarea id="ps-${name}" rows="3" readonly dir="ltr" spellcheck="false">${escape(text)}</textarea>
<button class="pp-button" type="button" data-copy="ps-${name}"${rich} aria-label="Copy: ${label}" hidden>Copy</button></div>
`;

// Ways to share a page. `quoted` is the address of the page, as it stands in another address.
export function share({ title, says, by, url, quoted, text, marked, listed, linkedin, media, image, height, qr: drawing, file }) {
  const target = (name, href) =>
    `<li><a class="pp-button" href="${escape(href)}" rel="noopener" target="_blank">${name}</a></li>\n`;
  const name = escape(title);
  return `<details class="ps" id="share" data-title="${escape(says)}" data-url="${url}" data-copied="Copied." data-failed="It could not be copied. It is selected: copy it with your keyboard.">
<summary><svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><path fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round" d="M12 15V4M8 8l4-4 4 4M5 12v7h14v-7"/></svg> Share</summary>
<div class="ps-body">
${
  listed
    ? ""
    : `<p class="ps-note">This page is in no list and no search. Whoever has its link can see it, and pass it on.</p>
`
}<div class="ps-link"><label for="ps-address">Link to this page</label>
<input id="ps-address" value="${url}" readonly dir="ltr">
<button class="pp-button pp-button--main" type="button" data-copy="ps-address" hidden>Copy link</button>
<button class="pp-button" type="button" data-sheet hidden>Share by …</button></div>
<p class="ps-status" role="status"></p>
<ul class="ps-targets">
${
  linkedin
    ? `<li><a class="pp-button pp-button--main" href="${escape(linkedin)}" rel="noopener" target="_blank">Add to your LinkedIn profile</a></li>
`
    : ""
}${target("LinkedIn", `https://www.linkedin.com/sharing/share-offsite/?url=${quoted}`)}${target(
    "X",
    `https://x.com/intent/post?text=${text}&url=${quoted}`,
  )}${target("WhatsApp", `https://wa.me/?text=${text}%20${quoted}`)}${target(
    "Facebook",
    `https://www.facebook.com/sharer/sharer.php?u=${quoted}`,
  )}${
    media
      ? target("Pinterest", `https://www.pinterest.com/pin/create/button/?url=${quoted}&media=${media}&description=${text}`)
      : ""
  }<li><a class="pp-button" href="${escape(`mailto:?subject=${text}&body=${text}%0D%0A${quoted}`)}">E-mail</a></li>
</ul>
<form class="ps-toot" data-text="${escape(says)} ${url}" hidden>
<label for="ps-server">Your Mastodon server</label>
<input id="ps-server" name="server" required dir="ltr" placeholder="mastodon.social" autocapitalize="none" autocomplete="off" spellcheck="false" inputmode="url" data-wrong="Write the name of your server, like mastodon.social">
<button class="pp-button" type="submit">Share on Mastodon</button>
</form>
<details class="ps-more"><summary>Embed it in a website, a README or an e-mail</summary>
${code("frame", "Frame for a website", frame(url, title, height))}${code(
    "html",
    "Picture with a link (HTML)",
    `<a href="${url}">${image ? `<img src="${image}" alt="${name}" width="160" height="160">` : name}</a>`,
  )}
${code("markdown", "Picture with a link (Markdown)", image ? `[![${marked}](${image})](${url})` : `[${marked}](${url})`)}
${code(
  "signature",
  "For the signature of your e-mails (HTML)",
  `<a href="${url}" style="text-decoration:none">${image ? `<img src="${image}" alt="" width="48" height="48" style="border:0;vertical-align:middle"> ` : ""}<strong>${name}</strong></a>${
    by ? ` · ${escape(by)}` : ""
  }`,
  " data-rich",
)}
</details>
<details class="ps-more ps-qr"><summary>QR code of this page</summary>
<p><a class="pp-button" href="${qr(drawing)}" download="${file}-qr.svg">Download QR code (SVG)</a></p>
<p data-picture="QR code of this page"></p>
</details>
</div>
</details>
`;
}

export const embed = ({ title, root, path, image, caption, above, lines, state, items }) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<meta name="robots" content="noindex">
<title>${escape(title)} - ${escape(site.name)}</title>
<link rel="stylesheet" href="${root}assets/embed.css">
</head>
<body>
<main>
<article id="en" lang="en" dir="ltr"${state ? ` class="withdrawn"` : ""}>
${
  image
    ? `<img class="badge" src="${root}${image}" alt="${escape(caption)}" width="120" height="120">
`
    : ""
}<div>
<p class="above">${escape(above)}</p>
<h1><a href="${root}${path}" target="_top"><bdi>${escape(title)}</bdi></a></h1>
${state ? `<p class="state">${state}</p>\n` : ""}${lines.map((line) => `<p><bdi>${escape(line)}</bdi></p>\n`).join("")}</div>
${
  items?.length
    ? `<ul>
${items
  .map(
    (i) =>
      `<li><a href="${root}${i.path}" target="_top"><img src="${root}${i.image}" alt="${escape(i.name)}" width="72" height="72"></a></li>\n`,
  )
  .join("")}</ul>
`
    : ""
}<footer>${escape(site.name)}</footer>
</article>
</main>
</body>
</html>
`;

export const oembed = ({ title, by, url, height, thumbnail }) =>
  json({
    version: "1.0",
    type: "rich",
    title,
    author_name: by || undefined,
    provider_name: site.name,
    provider_url: site.url,
    html: frame(url, title, height),
    width: 420,
    height,
    ...(thumbnail ? { thumbnail_url: thumbnail, thumbnail_width: 1200, thumbnail_height: 630 } : {}),
  });

// Where the news of a page are: `path` is its folder, `title` what they are called.
export const feeds = (title, path) => `<link rel="alternate " type="application/atom+xml" title="${escape(title)}" href="${site.url}${path}feed.xml">
<link rel="alternate " type="application/feed+json" title="${escape(title)}" href="${site.url}${path}feed.json">
`;
export const follow = (folder) =>
  `<li>Follow what is new: <a href="${folder}feed.xml">Atom</a>, <a href="${folder}feed.json">JSON Feed</a></li>`;

export const counted = (badges) => (badges === 0 ? "No badges yet" : badges === 1 ? "One badge" : `${badges} badges`);

// Badges in a list: `narrowed` if it has a form for that, `lazy` if it begins below the first screen.
export const grid = (refs, root, label, { narrowed = false, lazy = true } = {}) => `<ul class="pp-grid" aria-label="${escape(label)}">
${refs
  .map((ref) => {
    const b = badges[ref];
    const facets = ` data-f-issuer="${b.issuer}" data-f-type="${b.typeslug}" data-f-level="${b.level.toLowerCase()}" data-f-competence="${b.competences}" data-f-language="en" data-f-kind="badge"`;
    return `<li class="pp-card"${b.tint}${narrowed ? facets : ""}>
  <a class="pp-card__link" href="${root}badges/${ref}/">
    <span class="pp-card__stage"><img class="pp-card__image" src="${root}badges/${ref}/image.png" alt="" width="160" height="160"${lazy ? ` loading="lazy" decoding="async"` : ""}></span>
    <span class="pp-card__name">${escape(b.name)}</span>
  </a>

  <span class="pp-card__chips"><span class="pp-chip pp-chip--${b.typeslug}">${escape(b.type)}</span><span class="pp-chip pp-chip--level"><span class="pp-visually-hidden">Level </span><bdi>${escape(b.level)}</bdi></span></span>
</li>
`;
  })
  .join("")}</ul>`;
