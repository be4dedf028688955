// Pages that are few: badges, issuers, lists.
import { issuers, site } from "./data.js";
import {
  alignments,
  counted,
  embed,
  escape,
  feeds,
  follow,
  graph,
  grid,
  json,
  level,
  oembed,
  page,
  share,
  structured,
} from "./pieces.js";

const address = (b) => `${site.url}badges/${b.ref}/`;

export function badge(b) {
  const url = address(b);
  const quoted = `${site.quoted}badges%2F${b.quoted.ref}%2F`;
  const head = `<meta name="description" content="${escape(b.plain)}">
<link rel="canonical" href="${url}">
<link rel="stylesheet" href="../../../assets/share.css">
<script src="../../../assets/share.js" defer></script>
${feeds(b.name, `badges/${b.ref}/`)}<link rel="alternate " type="application/json" href="${url}badge.en.json">
<link rel="alternate " type="application/json+oembed" href="${url}oembed.json" title="${escape(b.name)}">
${structured(b, url)}${graph({ title: b.name, description: b.plain, url, image: `${url}card.en.png`, alt: `Badge “${b.name}” of ${b.by}` })}`;
  const main = `<div class="pp-hero"${b.tint}>
  <div class="pp-stage"><img class="pp-hero__image" src="../../../badges/${b.ref}/image.png" alt="${escape(b.caption)}" width="320" height="320"></div>

  <div class="pp-hero__text">
    <p class="pp-kicker"><a href="../../../issuers/${b.issuer}/">${escape(b.by)}</a></p>
    <h1>${escape(b.name)}</h1>
    <p class="pp-chips"><span class="pp-chip pp-chip--${b.typeslug}">${escape(b.type)}</span>${level(b)}</p>
    <div>${b.prose}</div>
    <p class="pp-faint">${
      b.earned === 0 ? "Not awarded yet." : b.earned === 1 ? "Awarded once so far." : `Awarded ${b.earned} times so far.`
    }</p>
  </div>
</div>
${share({
  title: b.name,
  says: b.says,
  by: b.by,
  url,
  quoted,
  text: b.quoted.says,
  marked: b.marked,
  listed: true,
  linkedin: "",
  media: `${quoted}card.en.png`,
  image: `${url}image.png`,
  height: 190,
  qr: b.qr,
  file: b.slug,
})}<div class="pp-columns">
<div>
<section class="pp-section" aria-labelledby="criteria">
  <h2 id="criteria">How to earn it</h2>
  <div>${b.criteriaprose}</div>
${b.validity ? `<p class="pp-faint">It is valid for: ${b.validity}</p>` : ""}
</section>
</div>
<div>
<section class="pp-section" aria-labelledby="competences">
  <h2 id="competences">Competences</h2>
  ${alignments(b.alignments, "../../../")}
</section>
${
  b.earners.length
    ? `<section class="pp-section" aria-labelledby="earners">
  <h2 id="earners">Who has it</h2>
  <p class="pp-faint">People who chose to be listed.</p>
  <ul class="pp-people">${b.earners.map((p) => `<li><a href="../../../passports/${p.slug}/"><bdi>${escape(p.name)}</bdi></a></li>`).join("")}</ul>
</section>
`
    : ""
}
</div>
</div>
<section class="pp-section pp-data" aria-labelledby="data">
  <h2 id="data">For verifiers</h2>
  <ul>
    <li><a href="../../../badges/${b.ref}/badge.en.json">Badge class (Open Badges 2.0 JSON)</a></li>
<li><a href="../../../badges/${b.ref}/image.svg">Image as SVG</a></li>    <li>Version <bdi>${b.version}</bdi></li>
    ${follow(`../../../badges/${b.ref}/`)}
  </ul>
</section>`;
  return page("../../../", b.name, head, main);
}

export const badgeClass = (b) =>
  json({
    "@context": "https://w3id.org/openbadges/v2",
    type: "BadgeClass",
    id: `${address(b)}badge.en.json`,
    "@language": "en",
    version: b.version,
    name: b.name,
    description: b.description,
    image: { id: `${address(b)}image.png`, caption: b.caption },
    criteria: { id: address(b), narrative: b.criteria },
    issuer: `${site.url}issuers/${b.issuer}/issuer.json`,
    alignment: b.alignments.map((a) => ({
      targetName: a.name,
      targetUrl: site.url + a.path,
      targetFramework: a.framework,
      targetCode: a.code,
    })),
  });

export const badgeFrame = (b) =>
  embed({
    title: b.name,
    root: "../../../../",
    path: `badges/${b.ref}/`,
    image: `badges/${b.ref}/image.png`,
    caption: b.caption,
    above: b.by,
    lines: [],
  });

export const badgeAnswer = (b) =>
  oembed({ title: b.name, by: b.by, url: address(b), height: 190, thumbnail: `${address(b)}card.en.png` });

// The head of a page without a picture; `more` are links in the middle of it.
const plainHead = (title, description, path, more) => {
  const url = `${site.url}${path}/`;
  return `<meta name="description" content="${escape(description)}">
<link rel="canonical" href="${url}">
${more}${graph({ title, description, url })}`;
};

export const issuer = (i) =>
  page(
    "../../",
    i.name,
    plainHead(
      i.name,
      i.plain,
      `issuers/${i.slug}`,
      `${feeds(i.name, `issuers/${i.slug}/`)}<link rel="alternate " type="application/json" href="${site.url}issuers/${i.slug}/issuer.json">
`,
    ),
    `<div class="pp-hero pp-hero--bare"${i.tint}>
  <div class="pp-hero__text">
    <p class="pp-kicker">Issuer</p>
    <h1>${escape(i.name)}</h1>
    <div>${i.prose}</div>
    <p><a href="${escape(i.url)}" rel="noopener"><bdi dir="ltr">${escape(i.url)}</bdi></a></p>
  </div>
</div>
<section class="pp-section" aria-labelledby="badges">
  <h2 id="badges">Badges</h2>
  ${grid(i.badges, "../../", "Badges")}
</section>
<section class="pp-section pp-data" aria-labelledby="data">
  <h2 id="data">For verifiers</h2>
  <ul>
    <li><a href="../../issuers/${i.slug}/issuer.json">Issuer profile (Open Badges 2.0 JSON)</a></li>
    <li><a href="../../issuers/${i.slug}/revocations.json">Revocation list (JSON)</a></li>
    <li><a href="../../issuers/${i.slug}/did.json">Identifier and public keys (DID document)</a></li>
    <li><a href="../../issuers/${i.slug}/statistics/">Statistics</a></li>
    ${follow(`../../issuers/${i.slug}/`)}
  </ul>
</section>`,
  );

export const profile = (i) =>
  json({
    "@context": "https://w3id.org/openbadges/v2",
    type: "Issuer",
    id: `${site.url}issuers/${i.slug}/issuer.json`,
    name: i.name,
    url: i.url,
    email: i.email,
    description: i.description,
    verification: { type: "VerificationObject", startsWith: site.url, allowedOrigins: i.host },
    revocationList: `${site.url}issuers/${i.slug}/revocations.json`,
  });

const everyone = (l) => `${
  l.sharded
    ? `<div>
<form class="pp-filter pp-js" data-people-search role="search">
  <label class="pp-filter__wide">Name <input type="search" autocomplete="off"></label>
</form>
<div class="pp-found" data-people-found hidden></div>
</div>
`
    : ""
}${
  l.parts.length
    ? `<nav aria-label="Parts of the list"><ul class="pp-years pp-parts">
${l.parts
  .map(
    (one, n) =>
      `<li><a href="${l.root}${one.path}"${n + 1 === l.number ? ` aria-current="page"` : ""}><bdi>${escape(one.name)}</bdi></a></li>`,
  )
  .join("")}
</ul></nav>
`
    : ""
}${
  l.here > 1
    ? `<form class="pp-filter pp-js" data-filter="list">
  <label>${l.sharded ? "On this page" : "Name"} <input type="search" name="words" autocomplete="off"></label>
  <div class="pp-filter__state"><p role="status" data-filter-count data-text="People: {n}">People: ${l.here}</p>
    <a class="pp-filter__clear" data-filter-clear href="?" hidden>Show all</a></div>
</form>
`
    : ""
}${
  l.letters.length > 1
    ? `<nav aria-label="Letters"><ul class="pp-letters">
${l.letters.map((letter) => `<li><a href="#n-${letter.key}">${letter.name}</a></li>`).join("")}
</ul></nav>
`
    : ""
}<div id="list" data-filter-list>
<p data-filter-none hidden>Nobody is listed under this name.</p>
${l.letters
  .map(
    (letter) => `<section data-filter-group${letter.name ? ` aria-labelledby="n-${letter.key}"` : ""}>
${letter.name ? `<h2 id="n-${letter.key}">${letter.name}</h2>\n` : ""}<ul class="pp-people pp-people--large">
${letter.people
  .map(
    (p) => `  <li class="pp-person-item" data-f-language="en"><a href="${l.root}passports/${p.slug}/"><bdi>${escape(p.name)}</bdi></a>
    <span class="pp-faint">${counted(p.held)}</span></li>
`,
  )
  .join("")}</ul>
</section>
`,
  )
  .join("")}${l.letters.length ? "" : "<p>Nobody has chosen to be listed yet.</p>\n"}</div>`;

const promoters = (l) => `<ul class="pp-list">
${Object.values(issuers)
  .map(
    (i) => `  <li class="pp-list__item">
    <h2><a href="${l.root}issuers/${i.slug}/">${escape(i.name)}</a></h2>
    <div>${i.prose}</div>
    <p class="pp-faint">${i.badges.length === 1 ? "One badge" : `${i.badges.length} badges`}</p>
  </li>
`,
  )
  .join("")}</ul>`;

const catalogue = (l) => `<form class="pp-filter pp-js" data-filter="list">
${site.filters
  .map(
    (filter) => `  <label>${filter.label}
    <select name="${filter.name}"><option value="">All</option>${filter.choices
      .map((choice) => `<option value="${choice.value}">${escape(choice.words)}</option>`)
      .join("")}</select></label>
`,
  )
  .join("")}  <label class="pp-filter__wide">Words <input type="search" name="words" autocomplete="off"></label>
  <div class="pp-filter__state"><p role="status" data-filter-count data-text="Badges: {n}">Badges: ${site.badges}</p>
    <a class="pp-filter__clear" data-filter-clear href="?" hidden>Show all</a></div>
</form>
<div id="list" data-filter-list>
<p data-filter-none hidden>No badge fits all of this.</p>
${Object.values(issuers)
  .map(
    (i, n) => `<section class="pp-section" data-filter-group aria-labelledby="issuer-${n + 1}">
  <h2 id="issuer-${n + 1}"><a href="${l.root}issuers/${i.slug}/">${escape(i.name)}</a></h2>
  ${grid(i.badges, l.root, i.name, { narrowed: true, lazy: n > 0 })}
</section>
`,
  )
  .join("")}</div>`;

const BODIES = { people: everyone, issuers: promoters, badges: catalogue };

export function list(l) {
  const listed = l.listed ? (l.listed === 1 ? " One person." : ` ${l.listed} people.`) : "";
  const filter = `<link rel="stylesheet" href="${l.root}assets/discovery.css">
${l.kind === "badges" || l.here > 1 ? `<script src="${l.root}assets/filter.js" defer></script>\n` : ""}`;
  const more = `${l.kind === "issuers" ? "" : filter}${l.kind === "badges" ? feeds(l.title, "") : ""}`;
  return page(
    l.root,
    l.title,
    plainHead(l.title, l.description, l.path, more),
    `<header class="pp-intro">
  <h1>${escape(l.title)}</h1>
  <p>${l.description}${listed}</p>
</header>
${BODIES[l.kind](l)}`,
  );
}
