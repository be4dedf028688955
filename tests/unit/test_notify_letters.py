"""What a message holds: parts, languages, headers, the claim link; and that nothing hostile gets into it."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from badge_passport.credentials.identity import hash_identity
from badge_passport.credentials.sealing import Seals
from badge_passport.desk.claims.codes import claim_code
from badge_passport.desk.mail.letters import Letter, Mailbox, Office, ink_on, mailbox, one_line, unsubscribe
from badge_passport.desk.mail.mailtexts import Templates
from badge_passport.desk.mail.notices import Wanted, masked, plan
from badge_passport.desk.mail.sentlog import SentLog
from badge_passport.desk.people.roster import Entry, Roster
from badge_passport.pipeline import check
from badge_passport.registry import Registry
from badge_passport.resources import packaged_theme
from minimal import MakeSite
from notify_fixtures import KEY, ROSTER, notify, two

NOW = datetime.datetime(2026, 3, 1, 8, 30, tzinfo=datetime.UTC)
SECRET = bytes.fromhex(KEY.strip())
DEMO = Path(__file__).parents[2]


def office(registry: Registry, root: Path) -> Office:
    return Office(registry, packaged_theme(), Templates.of(root, packaged_theme()), SECRET)


def registry_of(root: Path) -> Registry:
    checked = check(root)
    assert checked.registry is not None and checked.good, checked.diagnostics
    return checked.registry


@pytest.fixture(scope="module")
def demo() -> Registry:
    return registry_of(DEMO)


def letters(registry: Registry, root: Path, *entries: Entry, digest: bool = False) -> list[Letter]:
    todo = plan(registry, Roster(entries), SentLog(), SECRET, Wanted(digest=digest), NOW)
    return [office(registry, root).write(notice, NOW) for notice in todo.notices]


def parsed(data: bytes) -> EmailMessage:
    return BytesParser(EmailMessage, policy=default).parsebytes(data)


class Tags(HTMLParser):
    """Every tag and attribute of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str, attribute: str) -> list[str]:
        return [str(a[attribute]) for t, a in self.tags if t == tag and attribute in a]


@pytest.mark.parametrize(
    ("language", "direction", "subject"),
    [
        ("en", "ltr", "You have earned a badge: "),
        ("fr", "ltr", "Vous avez obtenu un badge : "),
        ("ar", "rtl", "حصلت على شارة: "),
    ],
)
def test_the_parts_of_a_message(demo: Registry, language: str, direction: str, subject: str) -> None:
    person = next(slug for slug, p in demo.participants.items() if p.record.language == language)
    entry = Entry(person, "moon@example.org", "", "Moon")
    letter = letters(demo, DEMO, entry)[0]
    message = parsed(letter.data)
    assert message.get_content_type() == "multipart/alternative"
    text, related = message.iter_parts()
    assert related.get_content_type() == "multipart/related"
    html, picture = related.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert picture.get_content_type() == "image/png"
    assert picture.get_content_disposition() == "inline"
    assert message["Subject"].startswith(subject)
    assert message["Content-Language"] == language
    page = Tags(html.get_content())
    assert page.all("html", "lang") == [language]
    assert page.all("html", "dir") == [direction]
    assert page.all("img", "src") == [f"cid:{str(picture['Content-ID']).strip('<>')}"]
    assert all(page.all("img", "alt"))
    assert not [u for u in page.all("a", "href") if not u.startswith((demo.site.url, "mailto:"))]
    assert not [t for t, _ in page.tags if t in ("script", "link", "iframe", "form")]
    assert "Moon" in text.get_content()
    for award in demo.awards_by_participant[person][:1]:
        name = demo.text(award.badge.record.name, language)
        assert name in text.get_content()
        assert name in html.get_content()


def test_the_picture_is_small_and_is_a_picture(demo: Registry) -> None:
    letter = letters(demo, DEMO, Entry("k4tz-8wnr-m2ha", "moon@example.org"))[0]
    (png,) = letter.pictures.values()
    import io

    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        assert image.size == (200, 200)
    assert len(letter.data) < 100_000  # what mail programs show without cutting


def test_a_person_s_own_language_goes_before_the_roster_s(make_site: MakeSite) -> None:
    amira = (make_site() / "content/participants/amira.yml").read_text(encoding="utf-8")
    site = make_site(
        {
            "site.yml": (make_site() / "site.yml").read_text("utf-8").replace("[en]", "[en, fr, ar]"),
            "content/participants/amira.yml": amira + "language: ar\n",
        }
    )
    found = letters(
        registry_of(site),
        site,
        Entry("amira", "amira@example.org", language="fr"),
        Entry("jonas", "jonas@example.org", language="fr-CA"),
    )
    assert [parsed(letter.data)["Content-Language"] for letter in found] == ["ar", "fr"]


def test_headers(make_site: MakeSite) -> None:
    site = make_site()
    letter = letters(registry_of(site), site, Entry("amira", "amira@example.org", "", "Amira K"))[0]
    message = parsed(letter.data)
    assert message["From"] == "Harbour <badges@harbour.example.org>"
    assert message["To"] == "Amira K <amira@example.org>"
    assert message["Reply-To"] == "badges@harbour.example.org"
    assert message["Date"].datetime == NOW
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == "<mailto:badges@harbour.example.org?subject=unsubscribe%20amira>"
    assert "Precedence" not in message
    assert re.fullmatch(r"<[0-9a-f]{40}@badges\.example\.org>", message["Message-ID"])
    assert "amira@example.org" not in letter.texts.text + letter.texts.html
    assert "amira@example.org" not in str(message["List-Unsubscribe"])


def test_a_message_id_means_award_address_and_kind(make_site: MakeSite) -> None:
    site = make_site()
    registry = registry_of(site)
    one = letters(registry, site, Entry("amira", "amira@example.org"))[0]
    again = letters(registry, site, Entry("amira", "AMIRA@example.org", "x", "Other name"))[0]
    other = letters(registry, site, Entry("amira", "other@example.org"))[0]
    assert one.id == again.id != other.id
    assert one.data == letters(registry, site, Entry("amira", "amira@example.org"))[0].data


def test_the_claim_link_leads_to_the_award_and_its_code_is_right(make_site: MakeSite) -> None:
    site = make_site()
    registry = registry_of(site)
    letter = letters(registry, site, Entry("amira", "amira@example.org"))[0]
    award = registry.awards_by_participant["amira"][0]
    code = claim_code(SECRET, award.id, "amira@example.org")
    url = f"https://badges.example.org/awards/{award.id}/#claim={code}"
    assert url in letter.texts.text
    assert url in Tags(letter.texts.html).all("a", "href")
    assert claim_code(SECRET, award.id, "jonas@example.org") not in letter.texts.html


def test_lines_are_short_and_plain_enough_for_every_server(demo: Registry) -> None:
    entries = [Entry(p, f"{p}@example.org", "", "Zoë Ж", "ar") for p in demo.participants]
    for letter in letters(demo, DEMO, *entries, digest=True):
        lines = letter.data.split(b"\r\n")
        assert max(map(len, lines)) <= 200
        assert letter.data.isascii()
        assert b"\n" not in b"".join(lines)


def test_a_digest_has_every_award_and_each_picture_once(demo: Registry) -> None:
    person = "moonlit-fox"
    (letter,) = letters(demo, DEMO, Entry(person, "moonlit@example.org"), digest=True)
    due = [a for a in demo.awards_by_participant[person] if a.in_force and a.acceptance != "hidden"]
    assert len(due) > 2
    for award in due:
        assert f"/awards/{award.id}/#claim=" in letter.texts.text
        assert f"/awards/{award.id}/#claim=" in letter.texts.html
    assert len(letter.pictures) == len({a.badge for a in due})
    contacts = {a.badge.issuer.record.email for a in due}
    answers = {a.addr_spec for a in parsed(letter.data)["Reply-To"].addresses}
    assert answers == contacts


HOSTILE = st.text(
    st.one_of(st.characters(exclude_categories=("Cs",)), st.sampled_from('\r\n\x00\x1b<>"@:;,=?&\u202e')),
    max_size=80,
)


@settings(max_examples=60, deadline=None)
@given(name=HOSTILE)
def test_a_name_can_add_neither_headers_nor_html(demo: Registry, name: str) -> None:
    letter = letters(demo, DEMO, Entry("k4tz-8wnr-m2ha", "moon@example.org", "", name))[0]
    plain = letters(demo, DEMO, Entry("k4tz-8wnr-m2ha", "moon@example.org", "", "Moon"))[0]
    message = parsed(letter.data)
    assert message.keys() == parsed(plain.data).keys()
    (to,) = message["To"].addresses
    assert to.addr_spec == "moon@example.org"
    assert [t for t, _ in Tags(letter.texts.html).tags] == [t for t, _ in Tags(plain.texts.html).tags]


@pytest.mark.parametrize(
    "name",
    [
        "Eve\r\nBcc: all@example.org",
        "=?utf-8?q?Eve=0D=0ABcc:_all@example.org?=",
        'Eve" <all@example.org>, "x',
        "<script>alert(1)</script>",
        "Eve\u2028Bcc: all@example.org",
    ],
)
def test_known_tricks(demo: Registry, name: str) -> None:
    letter = letters(demo, DEMO, Entry("k4tz-8wnr-m2ha", "moon@example.org", "", name))[0]
    message = parsed(letter.data)
    assert "Bcc" not in message
    assert [a.addr_spec for a in message["To"].addresses] == ["moon@example.org"]
    assert "<script>" not in letter.texts.html


def test_a_hostile_badge_name_is_text(make_site: MakeSite) -> None:
    badge = (make_site() / "badges/harbour/listener.yml").read_text(encoding="utf-8")
    evil = "'=?utf-8?q?=0ABcc:x?= <b onclick=x> & \"so\"'"
    site = make_site({"badges/harbour/listener.yml": badge.replace("Listener", evil)})
    checked = check(site)
    if checked.registry is None or not checked.good:  # HTML in a name is refused before
        site = make_site(
            {"badges/harbour/listener.yml": badge.replace("Listener", evil.replace("<b onclick=x>", ""))}
        )
    letter = letters(registry_of(site), site, Entry("amira", "amira@example.org"))[0]
    message = parsed(letter.data)
    assert "Bcc" not in message
    assert "= ?utf-8?q?=0ABcc:x?=" in message["Subject"]
    assert "&amp; &#34;so&#34;" in letter.texts.html


def test_a_template_of_the_site_is_used_and_escaped(make_site: MakeSite) -> None:
    site = make_site(
        {
            **two(),
            "mail/new.txt": "Subject: Hi {{ person.name }}\n\n{{ award.name }}: {{ award.url }}\n",
            "mail/new.html": '{% extends "layout.html" %}{% block content %}{{ person.name }}{% endblock %}',
        }
    )
    letter = letters(registry_of(site), site, Entry("amira", "amira@example.org", "", "A & <i>"))[0]
    assert letter.texts.subject == "Hi A & <i>"
    assert letter.texts.text.startswith("Listener: https://badges.example.org/awards/")
    assert "A &amp; &lt;i&gt;" in letter.texts.html
    assert letter.pictures  # made, but a message that does not show it does not carry it
    assert b"image/png" not in letter.data


@pytest.mark.parametrize("template", ["{% include '../site.yml' %}", "{% include '/etc/passwd' %}"])
def test_a_template_reads_no_other_file(make_site: MakeSite, template: str) -> None:
    site = make_site({**two(), "mail/new.html": template})
    result = notify(site, "--dry-run")
    assert result.exit_code == 1
    assert "mail/new.html:1:1: error[mail-template]" in result.output
    assert "root:" not in result.output


def test_a_linked_template_is_refused(make_site: MakeSite, tmp_path: Path) -> None:
    site = make_site(two())
    (tmp_path / "secret").write_text("Subject: secret\n\nsecret\n", encoding="utf-8")
    (site / "mail").mkdir()
    (site / "mail/new.txt").symlink_to(tmp_path / "secret")
    result = notify(site, "--dry-run")
    assert "error[mail-template]: this template cannot be used: a template is a file" in result.output


def test_an_outbox_has_the_message_that_would_be_sent(make_site: MakeSite, tmp_path: Path) -> None:
    site = make_site(two())
    result = notify(site, "--outbox", str(tmp_path / "out"))
    assert result.exit_code == 0
    files = sorted((tmp_path / "out").iterdir())
    assert len(files) == 2
    assert not (site / "private/sent.jsonl").exists()
    for file in files:
        message = parsed(file.read_bytes())
        assert file.name == str(message["Message-ID"]).strip("<>") + ".eml"
        assert file.stat().st_mode & 0o077 == 0
    names = [file.name for file in files]
    notify(site, "--outbox", str(tmp_path / "out"))
    assert sorted(f.name for f in (tmp_path / "out").iterdir()) == names


def test_messages_within_a_site_are_ignored_by_git(make_site: MakeSite) -> None:
    site = make_site(two())
    assert notify(site, "--outbox", str(site / "letters")).exit_code == 0
    assert "*.eml" in (site / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert list((site / "letters").glob("*.eml"))


def test_a_preview_shows_all_kinds_and_claims_nothing(make_site: MakeSite, tmp_path: Path) -> None:
    site = make_site(two())
    folder = tmp_path / "look"
    assert notify(site, "--preview", str(folder)).exit_code == 0
    pages = sorted(folder.glob("0*.html"))
    assert len(pages) == 3 + 2
    index = (folder / "index.html").read_text(encoding="utf-8")
    everything = index + "".join(page.read_text(encoding="utf-8") for page in pages)
    assert all(f'href="{page.name}"' in index for page in pages)
    assert "cid:" not in everything
    assert "data:image/png;base64," in everything
    for slug in ("amira", "jonas"):
        award = registry_of(site).awards_by_participant[slug][0].id
        assert claim_code(SECRET, award, f"{slug}@example.org") not in everything
        assert f"{slug}@example.org" not in everything
    assert notify(site, "--preview", str(folder)).exit_code == 0
    (tmp_path / "full").mkdir()
    (tmp_path / "full/precious").touch()
    assert "error[output-not-ours]" in notify(site, "--preview", str(tmp_path / "full")).output


def test_dry_run_names_nobody_s_address_and_changes_nothing(make_site: MakeSite) -> None:
    site = make_site(two())
    result = notify(site, "--dry-run")
    assert result.output.splitlines() == [
        "amira  a…@example.org  en  new  harbour/listener",
        "jonas  j…@example.org  en  new  harbour/listener",
        "2 messages would be sent",
    ]
    assert sorted(p.name for p in (site / "private").iterdir()) == ["claims.key", "roster.csv"]


def test_the_roster_s_address_that_the_award_was_given_to(make_site: MakeSite) -> None:
    salt = "salt-of-school-000000"
    identity = (
        f"  - {{identity: {hash_identity('a@school.example.org', salt)}, salt: {salt}, label: school}}\n"
    )
    amira = (make_site() / "content/participants/amira.yml").read_text(encoding="utf-8")
    site = make_site(
        {
            "content/participants/amira.yml": amira.replace("consent:", identity + "consent:"),
            "content/awards/harbour/spring.yml": "badge: listener\nissuedOn: 2024-06-18\nawards:\n"
            "  - {participant: amira}\n  - {participant: amira, number: 2, identity: school}\n",
            "private/roster.csv": ROSTER
            + "amira,a@school.example.org,school,,\namira,amira@example.org,,,\n",
        }
    )
    said = notify(site, "--dry-run").output
    assert "amira  a…@example.org" in said
    assert "amira  a…@school.example.org" in said


def test_small_pieces() -> None:
    assert one_line("a\r\nb\t\u2028c  =?x?=", 99) == "a b c = ?x?="
    assert one_line("x" * 50, 10) == "x" * 9 + "…"
    assert masked("amira@example.org") == "a…@example.org"
    assert unsubscribe("a+b@x.org", "amira") == "mailto:a%2Bb@x.org?subject=unsubscribe%20amira"
    assert (ink_on("#136f78"), ink_on("#ffe08a"), ink_on("#000000")) == ("#ffffff", "#111111", "#ffffff")
    assert mailbox("", "x@bücher.example") == Mailbox("", "x@xn--bcher-kva.example")
    assert mailbox("", "jörg@bücher.example").utf8


def test_a_letter_opens_a_private_passport(demo: Registry) -> None:
    """With the key of its holder, in their language; without the secret of the site it says nothing of it."""
    roster = Roster((Entry("k4tz-8wnr-m2ha", "moon@example.org"),))
    todo = plan(demo, roster, SentLog(), SECRET, Wanted(), NOW)
    notice = todo.notices[0]
    closed = Office(demo, packaged_theme(), Templates.of(DEMO, packaged_theme()), SECRET)
    assert "passports/k4tz-8wnr-m2ha" not in closed.texts(notice).text
    seals = Seals(bytes(32))
    texts = replace(closed, seals=seals).texts(notice)
    link = f"{demo.site.url.rstrip('/')}/fr/passports/k4tz-8wnr-m2ha/{seals.of('k4tz-8wnr-m2ha').fragment}"
    assert link in texts.text and link in (texts.html or "")
