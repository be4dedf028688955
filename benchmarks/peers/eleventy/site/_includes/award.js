// The page of an award and its documents, as functions of the award.
import { badges, issuers, site } from "./data.js";
import { alignments, embed, escape, graph, json, level, oembed, page, qr, share, structured } from "./pieces.js";

const address = (a) => `${site.url}awards/${a.id}/`;
const picture = (b) => `${site.url}badges/${b.ref}/v/${b.version}/image.png`;

export function html(a) {
  const b = badges[a.badge];
  const title = a.name ? `${b.name} · ${a.name}` : b.name;
  return page("../../", title, head(a, b, title), main(a, b));
}

function head(a, b, title) {
  const url = address(a);
  return `<meta name="description" content="${escape(b.plain)}">
<link rel="canonical" href="${url}">
${a.listed && a.name ? "" : `<meta name="robots" content="noindex">\n`}${
    a.inforce
      ? `<link rel="stylesheet" href="../../assets/claim.css">
<link rel="stylesheet" href="../../assets/share.css">
<script src="../../assets/claim.js" defer></script>
<script src="../../assets/share.js" defer></script>
<script src="../../assets/bake.js" defer></script>
`
      : ""
  }<link rel="alternate " type="application/json" href="${url}assertion.json">
${a.inforce ? `<link rel="alternate " type="application/json+oembed" href="${url}oembed.json" title="${escape(title)}">\n` : ""}${
    a.listed && a.inforce ? structured(b, url, a) : ""
  }${graph({ title, description: b.plain, url, image: `${site.url}badges/${a.badge}/card.en.png`, alt: `Badge “${b.name}” of ${b.by}` })}`;
}

function claim(a, b, linkedin) {
  const contact = `<a href="mailto:${issuers[b.issuer].email}" dir="ltr">${issuers[b.issuer].email}</a>`;
  const folder = `../../awards/${a.id}`;
  return `<section class="pc" id="claim" aria-labelledby="pc-title" hidden data-site="${site.url}" data-award="${a.id}" data-contact="${issuers[b.issuer].email}" data-issues="" data-forge="" data-subject="Answer to the badge ${a.id}" data-sentence="This is my answer to the badge “${escape(b.name)}”. The lines below say what I chose, and that it comes from me.">
<div class="pc-head">
<img src="../../badges/${a.badge}/v/${b.version}/image.png" alt="" width="96" height="96">
<div>
<h2 id="pc-title">This badge is for you</h2>
<p>${escape(b.by)} gave it to you for what you did. Take it with you, and choose what this site shows of you.</p>
</div>
</div>
<div class="pc-part" role="group" aria-labelledby="pc-take">
<h3 id="pc-take">Take it with you</h3>
<div class="pp-actions">
<a class="md-button" href="${folder}/credential.json" download="${a.id}.json">Data (JSON)</a>
<a class="md-button" href="${escape(linkedin)}" target="_blank" rel="noopener noreferrer">Add to LinkedIn</a>
</div>
<p class="pp-faint">The picture holds the badge itself: keep it. </p>
</div>
<div id="pc-rest" data-form="../../assets/claim/${b.issuer}.en.html"><p class="pc-part" id="pc-lost" role="status" hidden>The form did not arrive. Load the page again, or write to ${contact}.</p></div>
</section>
<noscript><p class="pp-notice pc-noscript">Is this badge yours? Answering on this page needs JavaScript, which is switched off. Write to ${contact}: whether you accept it, and what is to be shown.</p></noscript>
`;
}

function main(a, b) {
  const url = address(a);
  const quoted = `${site.quoted}awards%2F${a.id}%2F`;
  const until = a.expires ? `&expirationYear=${a.expires.year}&expirationMonth=${a.expires.month}` : "";
  const linkedin = `https://www.linkedin.com/profile/add?startTask=CERTIFICATION_NAME&name=${b.quoted.name}&organizationName=${b.quoted.by}&issueYear=${a.issued.year}&issueMonth=${a.issued.month}${until}&certUrl=${quoted}&certId=${a.id}`;
  const folder = `../../awards/${a.id}`;
  const verify = `../../verify/#url=${quoted}credential.json`;
  const holds = a.inforce;
  return `${holds ? claim(a, b, linkedin) : ""}<div class="pp-award${holds ? "" : " pp-award--lapsed"}"${b.tint}>
  <div class="pp-award__frame">
    <div class="pp-stage"><img class="pp-hero__image" src="../../badges/${a.badge}/v/${b.version}/image.png" alt="${escape(b.caption)}" width="320" height="320"></div>

    <div class="pp-award__text">
      <p class="pp-kicker"><a href="../../issuers/${b.issuer}/">${escape(b.by)}</a></p>
      <h1><a href="../../badges/${a.badge}/">${escape(b.name)}</a></h1>
${
  holds
    ? `      <p class="pp-award__said">awarded to</p>
      <p class="pp-award__holder">${a.name ? `<a href="../../passports/${a.person}/"><bdi>${escape(a.name)}</bdi></a>` : "a participant"}</p>
`
    : ""
}      <p class="pp-chips">
${
  a.revoked
    ? `<span class="pp-chip pp-chip--revoked">Revoked</span>\n`
    : a.expires
      ? `<span class="pp-chip pp-chip--valid" data-expires="${a.expires.iso}T00:00:00Z" data-expired="Expired">Valid until ${a.expires.words}</span>\n`
      : `<span class="pp-chip pp-chip--valid">Valid</span>`
}        <span class="pp-chip pp-chip--${b.typeslug}">${escape(b.type)}</span>${level(b)}
      </p>
      <dl class="pp-facts">
        <div><dt>Issued on</dt><dd><time datetime="${a.issued.iso}">${a.issued.words}</time></dd></div>
${a.expires && holds ? `        <div><dt>Valid until</dt><dd><time datetime="${a.expires.iso}">${a.expires.words}</time></dd></div>\n` : ""}        <div><dt>Issued by</dt><dd><a href="../../issuers/${b.issuer}/">${escape(b.by)}</a></dd></div>
        <div><dt>Number</dt><dd><code dir="ltr">${a.id}</code></dd></div>
      </dl>
${
  a.revoked
    ? `      <div class="pp-notice pp-notice--revoked" role="note">
        <p><strong>Revoked on ${a.revoked.words}.</strong> Reason: ${escape(a.revoked.reason)}</p>
      </div>
`
    : ""
}${
    holds
      ? `      <div class="pp-award__qr"><svg class="pp-qr" viewBox="0 0 ${a.qr.side} ${a.qr.side}" aria-hidden="true"><path fill='#fff' d='M0,0h${a.qr.side}v${a.qr.side}H0z'/><path stroke='#000' d='${a.qr.path}'/></svg><p>Verify this badge<br><bdi dir="ltr">${url}</bdi></p></div>
`
      : ""
  }    </div>
  </div>
  <div class="pp-award__bar">
${
  holds
    ? `    <div class="pp-actions">
<button class="pp-button pp-button--main" type="button" data-bake="${b.slug}-${a.id}.png" data-image="../../badges/${a.badge}/v/${b.version}/image.png" data-assertion="${folder}/assertion.json" data-credential="${folder}/credential.json" data-failed="It could not be made. Try again when the network is better." hidden>Download badge (PNG)</button>
<a class="md-button" href="${folder}/credential.json" download="${a.id}.json">Download signed credential</a>
      <a class="md-button" href="${verify}">Verify this badge</a>
      <a class="md-button" href="${folder}/assertion.json">Open Badges JSON</a>
    </div>
    <p class="pp-faint" role="status" data-bake-status></p>
    <p class="pp-faint">The downloaded image carries the badge inside it: upload it to any system that takes Open Badges.</p>
`
    : `    <p class="pp-faint"><a href="${verify}">Verify this badge</a> · <a href="${folder}/assertion.json">Open Badges JSON</a></p>
`
}  </div>
</div>
${
  holds
    ? share({
        title: b.name,
        says: b.says,
        by: b.by,
        url,
        quoted,
        text: b.quoted.says,
        marked: b.marked,
        listed: a.listed,
        linkedin,
        media: `${site.quoted}badges%2F${b.quoted.ref}%2Fcard.en.png`,
        image: picture(b),
        height: 190,
        qr: a.qr,
        file: `${b.slug}-${a.id}`,
      })
    : ""
}<div class="pp-columns">
<div>
${a.prose ? `<section class="pp-section" aria-labelledby="narrative"><h2 id="narrative">What was done</h2><div>${a.prose}</div></section>\n` : ""}<section class="pp-section" aria-labelledby="criteria">
  <h2 id="criteria">Criteria</h2>
  <div>${b.criteriaprose}</div>
</section>
${
  a.evidence.length
    ? `<section class="pp-section" aria-labelledby="evidence"><h2 id="evidence">Evidence</h2>
  <ul class="pp-evidence">
${a.evidence
  .map(
    (item, n) => `    <li id="evidence-${n + 1}">
      <p><strong><a href="${escape(item.url)}" rel="noopener nofollow">${escape(item.name)}</a></strong>
      <span class="pp-chip">confirmed by the issuer</span></p>
      
    </li>
`,
  )
  .join("")}  </ul>
</section>
`
    : ""
}</div>
<div>
<section class="pp-section" aria-labelledby="competences"><h2 id="competences">Competences</h2>${alignments(b.alignments, "../../")}</section>

</div>
</div>
${
  holds
    ? `<section class="pp-section ps-wallets ps-qr" aria-labelledby="wallets">
<h2 id="wallets">Wallets and other verifiers</h2>
<p>Learner Credential Wallet and others take a signed badge by its address: scan the code with the wallet, or paste the address into it.</p>
<p class="ps-link"><label for="ps-credential">Address of the signed badge</label>
<input id="ps-credential" value="${url}credential.json" readonly dir="ltr"></p>
<ul class="ps-targets">
<li><a class="pp-button" href="https://verifierplus.org/#verify?vc=${quoted}credential.json" rel="noopener" target="_blank">Check it at VerifierPlus</a></li>
<li><a class="pp-button" href="${qr(a.wallet)}" download="qr-wallet.svg">Download QR code for a wallet (SVG)</a></li>
</ul>
<p data-picture="QR code for a wallet"></p>
</section>
`
    : ""
}
<section class="pp-section pp-data" aria-labelledby="verify">
  <h2 id="verify">Check it yourself</h2>
  <p>This address is the badge. Fetch the JSON below: its id must be its own address, and it must not say that it is revoked.</p>
  <pre class="pp-code" dir="ltr" tabindex="0"><code>curl ${url}assertion.json</code></pre>
<p>It is signed as well. Any verifier of Open Badges 3.0 takes this address:</p>
  <pre class="pp-code" dir="ltr" tabindex="0"><code>${url}credential.json</code></pre>

</section>
`;
}

const evidence = (a, type) =>
  a.evidence.length ? a.evidence.map(({ url, name }) => ({ type, id: url, name })) : undefined;
const time = (day) => (day ? `${day.iso}T00:00:00Z` : undefined);

export function assertion(a) {
  const b = badges[a.badge];
  const start = { "@context": "https://w3id.org/openbadges/v2", type: "Assertion", id: `${address(a)}assertion.json` };
  if (!a.inforce) return json({ ...start, revoked: true, revocationReason: a.revoked.reason });
  return json({
    ...start,
    recipient: { type: "email", hashed: true, salt: a.salt, identity: a.identity },
    badge: `${site.url}badges/${a.badge}/v/${b.version}/badge.en.json`,
    issuedOn: time(a.issued),
    expires: time(a.expires),
    image: { id: picture(b), caption: b.caption },
    narrative: a.narrative || undefined,
    evidence: evidence(a, "Evidence"),
    verification: { type: "HostedBadge" },
  });
}

export function credential(a) {
  const b = badges[a.badge];
  const i = issuers[b.issuer];
  const here = `${site.url}badges/${a.badge}/`;
  const version = `${here}v/${b.version}/`;
  const image = { id: `${version}image.png`, type: "Image", caption: b.caption };
  return json({
    "@context": [
      "https://www.w3.org/ns/credentials/v2",
      "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
    ],
    id: `${address(a)}credential.json`,
    type: ["VerifiableCredential", "OpenBadgeCredential"],
    name: b.name,
    description: b.description,
    image,
    issuer: {
      id: i.did,
      type: ["Profile"],
      name: i.name,
      url: i.url,
      email: i.email,
      description: i.description,
      otherIdentifier: [
        { type: "IdentifierEntry", identifier: `${site.url}issuers/${b.issuer}/issuer.json`, identifierType: "identifier" },
      ],
    },
    validFrom: time(a.issued),
    awardedDate: time(a.issued),
    validUntil: time(a.expires),
    credentialSubject: {
      type: ["AchievementSubject"],
      identifier: [
        { type: "IdentityObject", hashed: true, identityHash: a.identity, identityType: "emailAddress", salt: a.salt },
      ],
      narrative: a.narrative || undefined,
      achievement: {
        id: `${version}achievement.en.json`,
        type: ["Achievement"],
        achievementType: "Badge",
        inLanguage: "en",
        version: b.version,
        name: b.name,
        description: b.description,
        criteria: { id: here, narrative: b.criteria },
        image,
        creator: { id: i.did, type: ["Profile"], name: i.name },
        alignment: b.alignments.map((x) => ({
          type: ["Alignment"],
          targetName: x.name,
          targetUrl: site.url + x.path,
          targetFramework: x.framework,
          targetCode: x.code,
        })),
        related: [
          {
            id: `${version}badge.en.json`,
            type: ["Related", "https://w3id.org/openbadges#BadgeClass"],
            version: "Open Badges v2p0",
          },
        ],
      },
    },
    evidence: evidence(a, ["Evidence"]),
  });
}

export function frame(a) {
  const b = badges[a.badge];
  const lines = a.inforce && a.name ? [`awarded to ${a.name}`] : [];
  lines.push(a.issued.words);
  if (a.inforce && a.expires) lines.push(`Valid until ${a.expires.words}`);
  return embed({
    title: b.name,
    root: "../../../",
    path: `awards/${a.id}/`,
    image: `badges/${a.badge}/image.png`,
    caption: b.caption,
    above: b.by,
    lines,
    state: a.inforce ? "" : "Revoked",
  });
}

export function answer(a) {
  const b = badges[a.badge];
  return oembed({ title: b.name, by: b.by, url: address(a), height: 190, thumbnail: `${site.url}badges/${b.ref}/card.en.png` });
}
