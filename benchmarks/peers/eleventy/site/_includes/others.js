// Pages that are few: badges, issuers, lists.
import { issuers, site } from "./data.js";
import { alignments, embed, escape, graph, grid, json, level, oembed, page, share, structured } from "./pieces.js";

const address = (b) => `${site.url}badges/${b.ref}/`;

export function badge(b) {
  const url = address(b);
  const quoted = `${site.quoted}badges%2F${b.quoted.ref}%2F`;
  const head = `<meta name="description" content="${escape(b.plain)}">
<link rel="canonical" href="${url}">
<link rel="stylesheet" href="../../../assets/share.css">
<script src="../../../assets/share.js" defer></script>
<link rel="alternate " type="application/json" href="${url}badge.en.json">
<link rel="alternate " type="application/json+oembed" href="${url}oembed.json" title="${escape(b.name)}">
${structured(b, url)}${graph({ title: b.name, description: b.plain, url, image: `${url}card.en.png`, alt: `Badge “${b.name}” of ${b.by}` })}`;
  const main = `<div class="pp-hero"${b.tint}>
  <div class="pp-stage"><img class="pp-hero__image" src="../../../badges/${b.ref}/image.png" alt="${escape(b.caption)}" width="320" height="320"></div>

  <div class="pp-hero__text">
    <p class="pp-kicker"><a href="../../../issuers/${b.issuer}/">${escape(b.by)}</a></p>
    <h1>${escape(b.name)}</h1>
    <p class="pp-chips"><span class="pp-chip pp-chip--${b.typeslug}">${escape(b.type)}</span>${level(b)}</p>
    <div>${b.prose}</div>
    <p class="pp-faint">Awarded ${b.earned} times so far.</p>
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
</section>
</div>
<div>
<section class="pp-section" aria-labelledby="competences">
  <h2 id="competences">Competences</h2>
  ${alignments(b.alignments, "../../../")}
</section>
<section class="pp-section" aria-labelledby="earners">
  <h2 id="earners">Who has it</h2>
  <p class="pp-faint">People who chose to be listed.</p>
  <ul class="pp-people">${b.earners.map((p) => `<li><a href="../../../passports/${p.slug}/"><bdi>${escape(p.name)}</bdi></a></li>`).join("")}</ul>
</section>

</div>
</div>
<section class="pp-section pp-data" aria-labelledby="data">
  <h2 id="data">For verifiers</h2>
  <ul>
    <li><a href="../../../badges/${b.ref}/badge.en.json">Badge class (Open Badges 2.0 JSON)</a></li>
<li><a href="../../../badges/${b.ref}/image.svg">Image as SVG</a></li>    <li>Version <bdi>${b.version}</bdi></li>
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

const plainHead = (text, path) => `<meta name="description" content="${escape(text)}">
<link rel="canonical" href="${site.url}${path}/">
`;

export const issuer = (i) =>
  page(
    "../../",
    i.name,
    plainHead(i.description, `issuers/${i.slug}`),
    `<div class="pp-hero pp-hero--bare">
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
  <ul><li><a href="../../issuers/${i.slug}/issuer.json">Issuer profile (Open Badges 2.0 JSON)</a></li></ul>
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

export function list(l) {
  const all = Object.values(issuers);
  const body = {
    people: () => `<ul class="pp-people pp-people--large">
${l.people
  ?.map(
    (p) => `  <li class="pp-person-item" data-f-language="en"><a href="${l.root}passports/${p.slug}/"><bdi>${escape(p.name)}</bdi></a>
    <span class="pp-faint">${p.held} badges</span></li>
`,
  )
  .join("")}</ul>`,
    issuers: () => `<ul class="pp-list">
${all
  .map(
    (i) => `  <li class="pp-list__item">
    <h2><a href="${l.root}issuers/${i.slug}/">${escape(i.name)}</a></h2>
    <div>${i.prose}</div>
    <p class="pp-faint">${i.badges.length} badges</p>
  </li>
`,
  )
  .join("")}</ul>`,
    badges: () =>
      all
        .map(
          (i) => `<section class="pp-section" data-filter-group>
  <h2><a href="${l.root}issuers/${i.slug}/">${escape(i.name)}</a></h2>
  ${grid(i.badges, l.root, i.name)}
</section>
`,
        )
        .join(""),
  }[l.kind]();
  return page(
    l.root,
    l.title,
    plainHead(l.title, l.path),
    `<header class="pp-intro">
  <h1>${escape(l.title)}</h1>
</header>
${body}`,
  );
}
