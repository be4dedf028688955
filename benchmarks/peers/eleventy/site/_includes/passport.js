// A passport and its documents, as functions of the person.
import { badges, site } from "./data.js";
import { counted, embed, escape, graph, json, oembed, organisation, page, script, share } from "./pieces.js";

const DESCRIPTION = "Badges earned, and the competences they stand for.";
const address = (p) => `${site.url}passports/${p.slug}/`;
const holding = (p) => p.awards.filter((a) => a.inforce).reverse();

export const html = (p) => page("../../", p.title, head(p), main(p));

const credential = (a) => ({
  "@type": "EducationalOccupationalCredential",
  name: badges[a.badge].name,
  url: `${site.url}awards/${a.id}/`,
  credentialCategory: "badge",
  dateCreated: a.issued.iso,
  recognizedBy: organisation(badges[a.badge].issuer),
});

function head(p) {
  const url = address(p);
  const held = holding(p);
  const title = escape(p.title);
  return `<meta name="description" content="${DESCRIPTION}">
<link rel="canonical" href="${url}">
${p.listed ? "" : `<meta name="robots" content="noindex">\n`}<link rel="stylesheet" href="../../assets/passport-page.css">
<link rel="stylesheet" href="../../assets/share.css">
<script src="../../assets/share.js" defer></script>
<script src="../../assets/keep.js" defer></script>
${p.held > 1 ? `<script src="../../assets/pick.js" defer></script>\n` : ""}<link rel="alternate " type="application/atom+xml" title="${title}" href="${url}feed.xml">
<link rel="alternate " type="application/json" href="${url}passport.json">
<link rel="alternate " type="application/json+oembed" href="${url}oembed.json" title="${title}">
${
  p.listed
    ? script({
        "@context": "https://schema.org",
        "@type": "ProfilePage",
        url,
        inLanguage: "en",
        mainEntity: {
          "@type": "Person",
          name: p.name,
          url,
          ...(held.length ? { hasCredential: held.map(credential) } : {}),
        },
      })
    : ""
}${graph({
    title: p.title,
    description: DESCRIPTION,
    url,
    image: p.listed ? `${url}card.png` : held.length ? `${site.url}badges/${held[0].badge}/image.png` : "",
    alt: p.listed ? p.title : "",
  })}`;
}

function card(a, year, lazy) {
  const b = badges[a.badge];
  return `<li class="pp-card"${b.tint}>
${year ? `<span class="pp-card__year" aria-hidden="true">${year}</span>` : ""}  <a class="pp-card__link" href="../../awards/${a.id}/">
    <span class="pp-card__stage"><img class="pp-card__image" src="../../badges/${a.badge}/v/${b.version}/image.png" alt="" width="160" height="160"${lazy ? ` loading="lazy" decoding="async"` : ""}></span>
    <span class="pp-card__name">${escape(b.name)}</span>
  </a>
<span class="pp-card__issuer">${escape(b.by)}</span>
  <span class="pp-card__chips"><span class="pp-chip pp-chip--${b.typeslug}">${escape(b.type)}</span><span class="pp-chip pp-chip--level"><span class="pp-visually-hidden">Level </span><bdi>${escape(b.level)}</bdi></span></span>
<span class="pp-card__date">${a.issued.words}</span>${
    a.inforce
      ? a.expires
        ? `<span class="pp-chip pp-chip--valid" data-expires="${a.expires.iso}T00:00:00Z" data-expired="Expired">Valid until ${a.expires.words}</span>`
        : ""
      : `<span class="pp-chip pp-chip--revoked">Revoked</span>`
  }</li>
`;
}

function expired(held) {
  const due = held.filter((a) => a.expires).length;
  return due
    ? `<span class="pp-expired" data-expired-in="held"> · <span data-text="Expired: {n}">Expired: ${due}</span></span>`
    : "";
}

const profile = (p) =>
  p.competences.length
    ? `<section class="pp-section" aria-labelledby="competences">
  <h2 id="competences">Competences</h2>
  <div class="pp-scroll" role="region" aria-labelledby="profile-1" tabindex="0">
  <table class="pp-profile pp-chart">
    <caption id="profile-1"><a href="../../${p.competences[0].frameworkpath}">${escape(p.competences[0].framework)}</a></caption>
    <thead><tr><th scope="col">Competence</th>${p.levels
      .map((l) => `<th scope="col"><bdi>${escape(l.code)}</bdi><span class="pp-profile__level">${escape(l.name)}</span></th>`)
      .join("")}</tr></thead>
    <tbody>
${p.competences
  .map(
    (c) => `      <tr><th scope="row"><a href="../../${c.path}">${escape(c.name)}</a></th>
${c.cells
  .map(
    (cell, n) =>
      `<td class="pp-cell${cell.length ? " pp-cell--on" : n + 1 < c.reached ? " pp-cell--under" : ""}">${
        cell.map((a) => `<a class="pp-pip" href="../../awards/${a.id}/">${escape(a.name)}</a>`).join("") ||
        `<span class="pp-visually-hidden">none</span>`
      }</td>`,
  )
  .join("")}</tr>
`,
  )
  .join("")}    </tbody>
  </table>
  </div>
</section>
`
    : "";

const file = (what, path) => `<li><span>${what}</span> <a href="../../${path}" dir="ltr">${path}</a></li>`;

const files = (p, held) =>
  file("JSON", `passports/${p.slug}/passport.json`) +
  (held.length
    ? file("ZIP", `passports/${p.slug}/badges.zip`) + file("JSON", `passports/${p.slug}/presentation.json`)
    : "") +
  p.awards
    .map(
      (a) =>
        file("HTML", `awards/${a.id}/`) +
        file("Open Badges 2.0", `awards/${a.id}/assertion.json`) +
        file("Open Badges 3.0", `awards/${a.id}/credential.json`),
    )
    .join("");

function main(p) {
  const url = address(p);
  const quoted = `${site.quoted}passports%2F${p.slug}%2F`;
  const held = holding(p);
  const lapsed = p.awards.filter((a) => !a.inforce);
  const last = held.length ? badges[held[0].badge] : null;
  let seen = 0;
  const cards = held.map((a, n) => {
    const year = a.issued.year === seen ? 0 : a.issued.year;
    seen = a.issued.year;
    return card(a, year, n >= 6);
  });
  return `<header class="pp-person">
  <div class="pp-person__picture">${p.avatar}</div>
  <div class="pp-person__text">
    <p class="pp-kicker">Badge passport</p>
    <h1><bdi>${escape(p.name)}</bdi></h1>
${
  held.length
    ? `<p class="pp-person__sum">${p.held === 1 ? "One badge" : `${p.held} badges`} · ${
        p.issuers.length === 1 ? "one issuer" : `${p.issuers.length} issuers`
      } · since ${p.since.words}${expired(held)}</p>`
    : ""
}  </div>
</header>

${share({
  title: p.title,
  says: p.title,
  by: "",
  url,
  quoted,
  text: p.quoted,
  marked: p.marked,
  listed: p.listed,
  linkedin: "",
  media: p.listed ? `${quoted}card.png` : last ? `${site.quoted}badges%2F${last.quoted.ref}%2Fv%2F${last.version}%2Fimage.png` : "",
  image: last ? `${site.url}badges/${last.ref}/v/${last.version}/image.png` : "",
  height: 330,
  qr: p.qr,
  file: p.slug,
})}${p.listed ? `<p class="pp-screen"><a href="../../compare/?a=${p.slug}">Compare with somebody</a></p>\n` : ""}
<section class="pp-section pp-held" aria-labelledby="badges">
  <h2 id="badges">Badges <span class="pp-count">${p.held}</span>${expired(held)}</h2>

${
  held.length
    ? `  <fieldset class="pp-views pp-screen">
    <legend class="pp-visually-hidden">How badges are shown</legend>
    <input type="radio" name="view" id="view-grid" value="grid" checked><label for="view-grid">Pictures</label>
    <input type="radio" name="view" id="view-list" value="list"><label for="view-list">List</label>
    <input type="radio" name="view" id="view-time" value="time"><label for="view-time">Timeline</label>
  </fieldset>
${
  p.held > 1
    ? `  <p class="pp-notice pp-picked" data-picked role="note" hidden>Chosen by the person who sent you this link · <a href="?" data-pick-all>Show all</a></p>
  <p class="pp-screen"><button class="pp-button" type="button" data-pick aria-expanded="false" aria-controls="pick" hidden>Choose badges to share</button></p>
  <div class="pp-pick pp-screen" id="pick" data-label="Choose: {name}" data-count="Chosen: {n}" data-copied="Copied." data-failed="It could not be copied. It is selected: copy it with your keyboard." hidden>
    <p>Tick badges below. Whoever opens the link sees these alone, and can have all shown.</p>
    <label for="pick-link">Link to the chosen badges</label>
    <input id="pick-link" readonly dir="ltr">
    <button class="pp-button pp-button--main" type="button" data-pick-copy disabled>Copy link</button>
    <p role="status" data-pick-status></p>
  </div>
`
    : ""
}
  <div id="held" data-filter-list>
  <p data-filter-none hidden>No badge fits all of this.</p>
  <ul class="pp-grid" aria-labelledby="badges">
${cards.join("")}  </ul>
  </div>
`
    : `<p>No badges yet.</p>`
}</section>
${profile(p)}${
    lapsed.length
      ? `<section class="pp-section" aria-labelledby="lapsed">
  <h2 id="lapsed">No longer valid</h2>
  <ul class="pp-grid" aria-label="No longer valid">
${lapsed.map((a) => card(a, 0, true)).join("")}</ul>

</section>
`
      : ""
  }<section class="pp-section pp-data" aria-labelledby="data">
  <h2 id="data">Take it with you</h2>
  <div class="pp-actions">
${
  held.length
    ? `<a class="pp-button pp-button--main" href="../../passports/${p.slug}/badges.zip" download="${p.slug}.zip">All badges (ZIP)</a>
<a class="pp-button" href="../../passports/${p.slug}/presentation.json" download="${p.slug}.json">All signed badges in one file, for a wallet</a>
${p.issuers
  .map(
    (i, n) =>
      `<a class="pp-button" href="../../passports/${p.slug}/clr.${i.slug}.json" download="${p.slug}-${n + 1}.json">Signed record of ${escape(i.name)}</a>`,
  )
  .join("")}`
    : ""
}
    <button class="pp-button" type="button" data-print hidden>Print</button>
    <button class="pp-button" type="button" data-keep="${p.slug}" data-keep-text="Keep this passport on this device" data-remove-text="Remove it from this device" data-kept="Kept. This passport and its badges open without a network now." data-removed="Removed from this device." data-failed="It could not be kept. Try again when the network is better." hidden>Keep this passport on this device</button>
  </div>
  <p class="pp-faint" role="status" data-keep-status></p>
<ul class="pp-bare"><li>Follow what is new: <a href="../../passports/${p.slug}/feed.xml">Atom</a></li></ul>
  <details class="pp-more">
    <summary>Everything published about this person</summary>
    <dl class="pp-facts"><div><dt>Name</dt><dd>full name</dd></div><div><dt>Who finds this page</dt><dd>${
      p.listed ? "everybody, in lists and search" : "only who has the address"
    }</dd></div>${p.consent ? `<div><dt>Agreed on</dt><dd>${p.consent.words}</dd></div>` : ""}</dl>
    <ul class="pp-files">${files(p, held)}</ul>
    <p class="pp-faint">Nothing else about this person is published here: no address, no birthday, no log of who looked.</p>
  </details>
</section>`;
}

const entry = (a) => {
  const b = badges[a.badge];
  return {
    id: `${site.url}awards/${a.id}/assertion.json`,
    page: `${site.url}awards/${a.id}/`,
    badge: `${site.url}badges/${a.badge}/v/${b.version}/badge.en.json`,
    name: b.name,
    image: `${site.url}badges/${a.badge}/v/${b.version}/image.png`,
    issuerName: b.by,
    issuer: `${site.url}issuers/${b.issuer}/issuer.json`,
    issuedOn: a.issued.iso,
    expires: a.expires?.iso,
    level: b.level,
    state: a.inforce ? "issued" : "revoked",
  };
};

export const document = (p) =>
  json({
    id: `${address(p)}passport.json`,
    page: address(p),
    name: p.name,
    visibility: p.visibility,
    consent: p.consent ? { on: p.consent.iso, scope: p.consent.scope } : undefined,
    awards: p.awards.length ? p.awards.map(entry) : undefined,
    competences: p.competences.length
      ? p.competences.map((c) => ({ id: site.url + c.path, name: c.name, framework: c.framework, levels: c.levels }))
      : undefined,
  });

export function feed(p) {
  const url = address(p);
  const awards = p.awards.toSorted((a, b) => (a.newest < b.newest ? 1 : -1));
  return `<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><id>${url}</id><title>${escape(p.title)} - ${escape(site.name)}</title><subtitle>${DESCRIPTION}</subtitle><updated>${awards[0]?.updated ?? "1970-01-01"}T00:00:00Z</updated><link rel="self" type="application/atom+xml" href="${url}feed.xml" /><link rel="alternate" type="text/html" href="${url}" /><author><name>${escape(site.name)}</name></author>${awards
    .map((a) => {
      const b = badges[a.badge];
      const page = `${site.url}awards/${a.id}/`;
      const title = a.inforce ? `${p.name} earned “${b.name}”` : `Revoked: ${b.name}, ${p.name}`;
      return `<entry><id>${page}</id><title>${escape(title)}</title><updated>${a.updated}T00:00:00Z</updated><published>${a.issued.iso}T00:00:00Z</published><link rel="alternate" type="text/html" href="${page}" /><summary>${escape(a.inforce ? b.plain : a.reason)}</summary><category term="${escape(b.name)}" /><category term="${escape(b.by)}" /></entry>`;
    })
    .join("")}</feed>
`;
}

export function frame(p) {
  return embed({
    title: p.name,
    root: "../../../",
    path: `passports/${p.slug}/`,
    above: "Badge passport",
    lines: [counted(p.held)],
    items: holding(p)
      .slice(0, 8)
      .map((a) => ({
        path: `awards/${a.id}/`,
        image: `badges/${a.badge}/v/${badges[a.badge].version}/image.png`,
        name: badges[a.badge].name,
      })),
  });
}

export const answer = (p) => oembed({ title: p.name, url: address(p), height: 330 });
