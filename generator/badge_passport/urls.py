"""The only maker of URLs and output paths.

A `Urls` knows the site's base; every method gives a root-relative *path* (``badges/x/y/``); `Urls.absolute`
makes it a URL and `output` a file name. Machine-readable ids end in ``.json`` and are the same in every
language; pages of a language other than the site's first live below ``<language>/``.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

HOME = "index"
"""The written page that is the start page."""

MAX_STEP = 200  # characters of a version's folder
_PLAIN = re.compile(r"[A-Za-z0-9/:._~-]*")  # what `quote` leaves, but for the two it is asked to take


def quoted(address: str) -> str:
    """An address as a value in the query of another; the same as `quote` without anything safe, faster."""
    if _PLAIN.fullmatch(address):
        return address.replace(":", "%3A").replace("/", "%2F")
    return quote(address, safe="")


def output(path: str) -> str:
    """The file that a host serves for a path: ``a/`` is ``a/index.html``."""
    return path + "index.html" if path == "" or path.endswith("/") else path


def relative(path: str, page: str) -> str:
    """``path`` as seen from ``page`` (both root-relative), so that the site works in any folder.

    >>> relative("badges/", "awards/X/")
    '../../badges/'
    """
    return "../" * page.count("/") + path or "./"


def page_path(path: str) -> str:
    """The address of a written page: ``index`` is the root, ``about`` is ``about/``."""
    if path == HOME:
        return ""
    return path[: -len("index")] if path.endswith("/index") else path + "/"


@dataclass(frozen=True, slots=True)
class Urls:
    """Addresses of one site; ``base`` ends in a slash."""

    base: str
    default_language: str

    @classmethod
    def of(cls, url: str, default_language: str) -> Urls:
        """From the ``url`` of site.yml, with or without its last slash."""
        return cls(url.rstrip("/") + "/", default_language)

    def absolute(self, path: str) -> str:
        """The URL of a path; it is also the ``id`` of a document there."""
        if _PLAIN.fullmatch(path):
            return self.base + path
        return self.base + quote(path, safe="/#:@!$&'()*+,;=-._~")

    @property
    def host(self) -> str:
        """Host name without port, as Open Badges 2.0 ``allowedOrigins`` wants it."""
        return urlsplit(self.base).hostname or ""

    def page(self, path: str, language: str) -> str:
        """The path of a page in a language."""
        return path if language == self.default_language else f"{language}/{path}"

    # Pages, in the default language; `page` moves them to another.
    def verify(self) -> str:
        """The page that verifies any badge; what it is to verify follows as ``#url=``."""
        return "verify/"

    def compare(self) -> str:
        """The page that sets two passports side by side; whose follows as ``?a=`` and ``&b=``."""
        return "compare/"

    def offline(self) -> str:
        """What is shown of pages that a device did not keep, while there is no network."""
        return "offline/"

    def manifest(self) -> str:
        """What makes the site an app (W3C Web Application Manifest), for the page of a language."""
        return "manifest.webmanifest"

    def app_icon(self, name: str) -> str:
        """A picture of the site for the start screen of a device."""
        return f"assets/app/{name}.png"

    def badge(self, ref: str) -> str:
        """Page of a badge; ``ref`` is issuer/badge."""
        return f"badges/{ref}/"

    def issuer(self, slug: str) -> str:
        """Page of an issuer."""
        return f"issuers/{slug}/"

    def framework(self, slug: str) -> str:
        """Page of a framework."""
        return f"competences/{slug}/"

    def competence(self, ref: str) -> str:
        """Page of a competence, or the place on it of a micro-competence."""
        framework, competence, *micro = ref.split("/")
        return f"competences/{framework}/{competence}/" + (f"#{micro[0]}" if micro else "")

    def award(self, award_id: str) -> str:
        """Page of an award."""
        return f"awards/{award_id}/"

    def passport(self, slug: str) -> str:
        """Page of a participant."""
        return f"passports/{slug}/"

    def changes(self, year: int | None = None, month: int | None = None) -> str:
        """What happened in a year or a month, or (None) lately."""
        return "changes/" + "".join(f"{number:02}/" for number in (year, month) if number is not None)

    def statistics(self, issuer: str | None = None) -> str:
        """The numbers of an issuer, or (None) of the site."""
        return "statistics/" if issuer is None else f"issuers/{issuer}/statistics/"

    def people(self, number: int = 1) -> str:
        """The list of people; long ones have several pages, counted from 1."""
        return "passports/" if number == 1 else f"passports/-/{number}/"

    # Documents and images: one address, whatever the language of the page that links to them.

    def badge_document(self, ref: str, version: str | None, language: str) -> str:
        """BadgeClass of a version, or (None) of the current one."""
        return f"{self.badge_folder(ref, version)}badge.{language}.json"

    def achievement(self, ref: str, version: str | None, language: str) -> str:
        """Open Badges 3.0 Achievement of a version, or (None) of the current one."""
        return f"{self.badge_folder(ref, version)}achievement.{language}.json"

    def badge_image(self, ref: str, version: str | None, kind: str = "png") -> str:
        """Class image of a version, or (None) of the current one."""
        return f"{self.badge_folder(ref, version)}image.{kind}"

    def badge_folder(self, ref: str, version: str | None) -> str:
        """Where everything of a version lives. A version may be any text: it is quoted as one step."""
        return f"badges/{ref}/" if version is None else f"badges/{ref}/v/{version_step(version)}/"

    def issuer_document(self, slug: str) -> str:
        """Open Badges 2.0 Issuer profile."""
        return f"issuers/{slug}/issuer.json"

    def issuer_image(self, slug: str) -> str:
        """Logo of an issuer."""
        return f"issuers/{slug}/image.png"

    def did_document(self, slug: str) -> str:
        """DID document of an issuer: its ``did:web`` is made of this path."""
        return f"issuers/{slug}/did.json"

    def status_list(self, slug: str, number: int) -> str:
        """Status list of an issuer; lists count from 1."""
        return f"issuers/{slug}/status/{number}.json"

    def revocations(self, slug: str) -> str:
        """Open Badges 2.0 RevocationList of an issuer."""
        return f"issuers/{slug}/revocations.json"

    def endorsement(self, issuer: str, slug: str) -> str:
        """Open Badges 2.0 Endorsement by an issuer."""
        return f"issuers/{issuer}/endorsements/{slug}.json"

    def endorsement_credential(self, issuer: str, slug: str) -> str:
        """Open Badges 3.0 EndorsementCredential by an issuer."""
        return f"issuers/{issuer}/endorsements/{slug}.credential.json"

    def framework_document(self, slug: str) -> str:
        """The framework as open data."""
        return f"competences/{slug}/framework.json"

    def assertion(self, award_id: str) -> str:
        """Open Badges 2.0 Assertion."""
        return f"awards/{award_id}/assertion.json"

    def credential(self, award_id: str) -> str:
        """Open Badges 3.0 credential."""
        return f"awards/{award_id}/credential.json"

    def token(self, award_id: str) -> str:
        """Open Badges 3.0 credential as VC-JWT; ``.txt`` is served as text by every host."""
        return f"awards/{award_id}/credential.jwt.txt"

    def baked(self, award_id: str, kind: str) -> str:
        """Baked image of an award; ``kind`` is png or svg."""
        return f"awards/{award_id}/badge.{kind}"

    # What is made for sharing.

    def badge_card(self, ref: str, version: str | None, language: str) -> str:
        """Picture for a link to a badge, or to an award of it."""
        return f"{self.badge_folder(ref, version)}card.{language}.png"

    def award_card(self, award_id: str) -> str:
        """Picture for a link to an award, if it has one of its own."""
        return f"awards/{award_id}/card.png"

    def passport_card(self, slug: str) -> str:
        """Picture for a link to a passport."""
        return f"passports/{slug}/card.png"

    def embed(self, page: str) -> str:
        """The small page that other sites show in a frame, for the page of a badge, award or passport."""
        return f"{page}embed/"

    def oembed(self, page: str) -> str:
        """oEmbed answer for the page of a badge, award or passport."""
        return f"{page}oembed.json"

    def claim_form(self, issuer: str, language: str) -> str:
        """The part of the claim panel that all awards of an issuer share, as a piece of HTML."""
        return f"assets/claim/{issuer}.{language}.html"

    def feed(self, path: str, kind: str = "xml") -> str:
        """The feed of the page at ``path``: ``xml`` is Atom, ``json`` JSON Feed."""
        return f"{path}feed.{kind}"

    def statistics_table(self, issuer: str | None = None) -> str:
        """The numbers as CSV."""
        return f"{self.statistics(issuer)}statistics.csv"

    def people_shard(self, name: str) -> str:
        """A part of the index by which people are found; ``index`` lists the parts."""
        return f"search/people/{name}.json"

    def passport_document(self, slug: str) -> str:
        """Everything published about a participant."""
        return f"passports/{slug}/passport.json"

    def presentation(self, slug: str) -> str:
        """Every signed credential of a participant in one VerifiablePresentation."""
        return f"passports/{slug}/presentation.json"

    def other_badge(self, slug: str, file: str) -> str:
        """Our copy of a badge from elsewhere, or its picture."""
        return f"passports/{slug}/other/{file}"

    def portfolio(self, slug: str, page: str) -> str:
        """A page of a participant's portfolio; the one without a name is the passport itself."""
        return f"passports/{slug}/{page}/" if page else self.passport(slug)

    def photo(self, slug: str) -> str:
        """The photo of a participant."""
        return f"passports/{slug}/photo.jpg"

    def kept_file(self, slug: str, name: str) -> str:
        """A file that a participant's pages show."""
        return f"passports/{slug}/files/{name}"

    def archive(self, slug: str) -> str:
        """All badges of a participant in one ZIP."""
        return f"passports/{slug}/badges.zip"

    def sealed_archive(self, slug: str) -> str:
        """The same, and all else that is known of a private passport, encrypted."""
        return f"passports/{slug}/badges.enc"

    def learner_record(self, slug: str, issuer: str) -> str:
        """What one issuer gave a participant, as a signed Comprehensive Learner Record."""
        return f"passports/{slug}/clr.{issuer}.json"


def version_step(version: str) -> str:
    """A version label as one path step: anything but letters, digits, dot, hyphen is a code point."""
    step = "".join(c if (c.isascii() and c.isalnum()) or c in ".-" else f"_{ord(c):x}" for c in version)
    if len(step) > MAX_STEP:  # no disk has a folder of such a name: what is left out stays in a digest
        step = f"{step[:100]}_-{hashlib.sha256(version.encode()).hexdigest()[:32]}"
    return step if step.strip(".") else "_" + step
