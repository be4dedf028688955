"""Messages as they go over the wire: text and HTML, the pictures inside, and headers nobody can add to.

The bytes depend only on the notice, the site, the key and the day that is passed in, down to the
boundaries between parts. Sources: RFC 5322 (headers), 2387 (related parts), 2369 (List-Unsubscribe), 3834
(Auto-Submitted).
"""

from __future__ import annotations

import datetime
import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from badge_passport.credentials.sealing import Seals
from badge_passport.desk.claims.codes import claim_code, claim_url
from badge_passport.desk.mail.mailtexts import Templates, Texts
from badge_passport.desk.mail.notices import NEW, Notice
from badge_passport.desk.people.links import passport_url
from badge_passport.diagnostics import Diagnostic
from badge_passport.pages.images import DEFAULT_COLOR, class_image
from badge_passport.pages.languages import Language, language
from badge_passport.pages.pictures import optimise
from badge_passport.registry import Registry
from badge_passport.registry.entities import Award, Issuer
from badge_passport.resources import Theme
from badge_passport.source.pictures import Picture
from badge_passport.urls import Urls

FROM = "PASSPORT_SMTP_FROM"
SIDE = 200  # pixels of a picture in a message
# RFC 2045 allows 76 characters; what is set raw is already as it must be, and folding would encode it.
_POLICY = SMTP.clone(max_line_length=76, refold_source="none")
_HEADERS = (
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "List-Unsubscribe", "Auto-Submitted",
    "Content-Language", "MIME-Version", "Content-Type",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name, which may be empty, and an address in the form in which mail servers take it."""

    name: str
    address: str

    @property
    def utf8(self) -> bool:
        """Whether only servers with SMTPUTF8 (RFC 6531) can write to it."""
        return not self.address.isascii()

    def header(self) -> Address:
        """For From, To and Reply-To. What could be read as another address is taken out of the name."""
        user, _, domain = self.address.rpartition("@")
        name = " ".join(re.sub(r'["<>()\[\]:;@\\,]', " ", one_line(self.name, 60)).split())
        return Address(name, user, domain)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message, ready to be handed over."""

    id: str
    sender: str
    recipient: str
    utf8: bool
    texts: Texts
    pictures: Mapping[str, bytes]
    data: bytes


@dataclass(frozen=True, slots=True)
class AwardView:
    """An award as templates see it; ``url`` claims it, ``attributes`` tell the language of its texts."""

    name: str
    description: str
    alt: str
    issuer: str
    date: str
    expires: str
    level: str
    url: str
    page: str
    image: str
    attributes: Markup


@dataclass(frozen=True, slots=True)
class Named:
    """A person or a site as templates see it."""

    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Office:
    """All that letters of a site have in common. ``key`` is that of the claim codes.

    With ``seals``, letters to people with a private passport have a link that opens it.
    """

    registry: Registry
    theme: Theme
    templates: Templates
    key: bytes
    sender: Mailbox | None = None
    seals: Seals | None = None

    def write(self, notice: Notice, now: datetime.datetime) -> Letter:
        """The letter of a notice.

        Raises:
            TemplateFault: a template cannot be used.
        """
        pictures = self._pictures(notice)
        texts = self.texts(notice)
        data, sender, recipient = self._message(notice, texts, pictures, now)
        return Letter(
            notice.id, sender.address, recipient.address, recipient.utf8 or sender.utf8, texts, pictures, data
        )

    def texts(self, notice: Notice) -> Texts:
        """What a notice says.

        Raises:
            TemplateFault: a template cannot be used.
        """
        speaks = language(notice.language, self.registry.default_language, self.theme)
        kind = "reminder" if notice.kind != NEW else "digest" if len(notice.awards) > 1 else "new"
        texts = self.templates.render(kind, speaks, self._values(notice, speaks))
        return Texts(one_line(texts.subject, 200), texts.text, texts.html)

    def _values(self, notice: Notice, speaks: Language) -> dict[str, Any]:
        site, urls = self.registry.site, self._urls
        awards = [self._view(notice, number, speaks) for number in range(len(notice.awards))]
        issuer = _only_issuer(notice)
        first = notice.awards[0].badge.issuer
        color = (issuer.record.color if issuer else None) or DEFAULT_COLOR
        return {
            "site": Named(speaks.text(site.name), urls.absolute(urls.page("", speaks.tag))),
            "person": Named(
                one_line(notice.to.name or notice.participant.record.name or "", 100),
                passport_url(urls, notice.participant, speaks.tag, self.seals),
            ),
            "sender": speaks.text(issuer.record.name) if issuer else speaks.text(site.name),
            "contact": first.record.email,
            "unsubscribe": unsubscribe(first.record.email, notice.participant.slug),
            "awards": awards,
            "award": awards[0],
            "reminder": int(notice.kind.rpartition("-")[2]) if notice.kind != NEW else 0,
            "lang": speaks.tag,
            "dir": speaks.dir,
            "start": "right" if speaks.dir == "rtl" else "left",
            "color": color,
            "ink": ink_on(color),
        }

    def _view(self, notice: Notice, number: int, speaks: Language) -> AwardView:
        award, urls = notice.awards[number], self._urls
        record = award.badge.record
        levels = self.registry.levels()
        return AwardView(
            name=speaks.text(record.name),
            description=speaks.text(record.description),
            alt=speaks.text(record.image_caption),
            issuer=speaks.text(award.badge.issuer.record.name),
            date=speaks.date(award.issued_on),
            expires=speaks.date(award.expires) if award.expires else "",
            level=speaks.text(levels[award.level].name) if award.level in levels else "",
            url=claim_url(urls, award.id, speaks.tag, claim_code(self.key, award.id, notice.to.address)),
            page=urls.absolute(urls.page(urls.award(award.id), speaks.tag)),
            image="cid:" + _content_id(award),
            attributes=speaks.mark(record.name),
        )

    @property
    def _urls(self) -> Urls:
        return Urls.of(self.registry.site.url, self.registry.default_language)

    def _pictures(self, notice: Notice) -> dict[str, bytes]:
        """Content-ID to PNG, each badge once."""
        return {
            _content_id(award): _small(class_image(self.registry, award.badge).png) for award in notice.awards
        }

    def _message(
        self, notice: Notice, texts: Texts, pictures: Mapping[str, bytes], now: datetime.datetime
    ) -> tuple[bytes, Mailbox, Mailbox]:
        issuer = _only_issuer(notice)
        names = issuer.record.name if issuer else self.registry.site.name
        name = self.registry.text(names, notice.language)
        contacts = list(dict.fromkeys(a.badge.issuer.record.email for a in notice.awards))
        replies = [mailbox("", contact) for contact in contacts]
        sender = self.sender or Mailbox(name, replies[0].address)
        sender = Mailbox(sender.name or name, sender.address)
        recipient = mailbox(notice.to.name, notice.to.address)

        message = EmailMessage(policy=_POLICY)
        message["From"] = sender.header()
        message["To"] = recipient.header()
        message["Reply-To"] = [reply.header() for reply in replies]
        message["Subject"] = texts.subject
        message["Date"] = format_datetime(now)
        message.set_raw("Message-ID", notice.id)
        message.set_raw("List-Unsubscribe", f"<{unsubscribe(contacts[0], notice.participant.slug)}>")
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(texts.text, cte="quoted-printable")
        message.add_alternative(texts.html, subtype="html", cte="quoted-printable")
        html = list(message.iter_parts())[1]
        used = {cid: png for cid, png in pictures.items() if f"cid:{cid}" in texts.html}
        for cid, png in used.items():
            html.add_related(
                png,
                "image",
                "png",
                cid=f"<{cid}>",
                filename=f"{cid.partition('@')[0]}.png",
                disposition="inline",
            )
        message["Content-Language"] = notice.language  # last: Content-… of before goes into the first part
        seed = hashlib.sha256(notice.id.encode()).hexdigest()[:24]
        message.set_boundary(f"=_alternative_{seed}")
        if used:
            html.set_boundary(f"=_related_{seed}")
        utf8 = any(box.utf8 for box in (sender, recipient, *replies))
        data = message.as_bytes(policy=_POLICY.clone(utf8=utf8))
        if sorted(BytesHeaderParser().parsebytes(data).keys()) != sorted(_HEADERS):
            raise ValueError("a text has put something into the headers of a message")
        return data, sender, recipient


def mailbox(name: str, address: str) -> Mailbox:
    """A mailbox; a domain in other letters is written as ASCII (RFC 5891) where the rest allows it.

    Raises:
        ValueError: no mail can be sent to this address.
    """
    from email_validator import validate_email

    checked = validate_email(address, check_deliverability=False)
    return Mailbox(name, checked.ascii_email or checked.normalized)


def sender_of(text: str) -> Mailbox | Diagnostic:
    """The mailbox of ``PASSPORT_SMTP_FROM``: an address, or a name and an address in angle brackets."""
    name, address = parseaddr(text)
    try:
        return mailbox(name, address)
    except ValueError:
        return Diagnostic(
            "mail-settings",
            f"{FROM} is not an address that mail can come from",
            None,
            "write it as badges@example.org, or as Riverside Youth <badges@example.org>.",
        )


def contact_problems(issuers: Iterable[Issuer]) -> list[Diagnostic]:
    """``mail-contact`` for issuers to whose contact nobody could answer."""
    problems = []
    for issuer in issuers:
        try:
            mailbox("", issuer.record.email)
        except ValueError:
            problems.append(
                Diagnostic(
                    "mail-contact",
                    "mail cannot be sent from or to this address",
                    issuer.origin.at("email"),
                    "write the address that answers to participants shall go to.",
                )
            )
    return problems


def unsubscribe(contact: str, participant: str) -> str:
    """The ``mailto:`` address by which somebody asks for no more messages; it names the slug alone."""
    return f"mailto:{quote(contact, safe='@')}?subject={quote('unsubscribe ' + participant)}"


def one_line(text: str, most: int) -> str:
    """A text as it may stand in a header: one line without anything invisible that could start another.

    ``=?`` would begin an encoded word, which some readers decode to a line break.
    """
    shown = "".join(c if c.isprintable() or c in "\u200c\u200d" else " " for c in text)
    line = " ".join(shown.replace("=?", "= ?").split())
    return line if len(line) <= most else line[: most - 1] + "…"


def ink_on(color: str) -> str:
    """White or near black, whichever is easier to read on a colour (WCAG 2, relative luminance)."""
    parts = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return "#ffffff" if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.056 else "#111111"


def _only_issuer(notice: Notice) -> Issuer | None:
    """The issuer of all awards of a notice, if it is one."""
    issuers = {award.badge.issuer for award in notice.awards}
    return issuers.pop() if len(issuers) == 1 else None


def _content_id(award: Award) -> str:
    name = f"{award.badge.ref}\n{award.badge.version}"
    return f"badge-{hashlib.sha256(name.encode()).hexdigest()[:16]}@picture"


@lru_cache(maxsize=256)
def _small(png: bytes) -> bytes:
    return optimise(Picture("png", png, SIDE, SIDE), SIDE)
