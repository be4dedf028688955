"""The share panel: links that survive any name, and codes that are harmless where they are pasted."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from markdown_it import MarkdownIt

from badge_passport.credentials.documents import to_bytes
from badge_passport.pages import embeds, sharing, structured
from badge_passport.pages.languages import Language, language
from badge_passport.registry.entities import Award, Registry
from badge_passport.resources import packaged_theme
from minimal import CheckSite
from sharing_fixtures import small_site

EVIL = (
    'x\\" onload=\\"evil() \' & [a](b) `c` ![d](e) *f* _g_ 100% #h + ?i=j&k {{ 7*7 }} %(name)s مرحبا \\\\ |'
)
PLAIN = EVIL.replace('\\"', '"').replace("\\\\", "\\")
EN = language("en", "en", packaged_theme())
AR = language("ar", "en", packaged_theme())


def award_of(registry: Registry, slug: str = "amira") -> Award:
    return next(a for a in registry.awards.values() if a.participant.slug == slug)


def query(url: str) -> dict[str, str]:
    assert url.isascii() and " " not in url and '"' not in url
    return {key: value for key, [value] in parse_qs(urlsplit(url).query, strict_parsing=True).items()}


class Elements(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_links_bring_any_name_over_whole(checked: CheckSite) -> None:
    registry, urls = small_site(checked, badge=EVIL)
    award = award_of(registry)
    page = f"https://badges.example.org/in/a-folder/awards/{award.id}/"
    share = sharing.of_award(registry, urls, EN, award)
    assert share is not None
    says = f"{PLAIN} · Harbour"
    picture = urls.absolute(urls.badge_image(award.badge.ref, award.badge.version))
    links = {target.name: query(target.href) for target in share.targets}
    assert links == {
        "LinkedIn": {"url": page},
        "X": {"text": says, "url": page},
        "WhatsApp": {"text": f"{says} {page}"},
        "Facebook": {"u": page},
        "Pinterest": {"url": page, "media": picture, "description": says},
    }
    card = sharing.of_award(registry, urls, EN, award, "awards/a card.png")
    assert card is not None
    assert (
        query(card.targets[-1].href)["media"] == "https://badges.example.org/in/a-folder/awards/a%20card.png"
    )
    assert query(share.mail) == {"subject": says, "body": f"{says}\r\n{page}"}
    assert share.mail.startswith("mailto:?")
    assert share.toot == f"{says} {page}"


def test_linkedin_gets_what_is_known_and_nothing_else(checked: CheckSite) -> None:
    registry, urls = small_site(checked, badge=EVIL)
    award = award_of(registry)
    known = query(sharing.linkedin(urls, AR, award))
    assert known == {
        "startTask": "CERTIFICATION_NAME",
        "name": PLAIN,
        "organizationName": "الميناء",
        "issueYear": "2024",
        "issueMonth": "6",
        "certUrl": f"https://badges.example.org/in/a-folder/ar/awards/{award.id}/",
        "certId": award.id,
    }


def test_linkedin_knows_the_organisation_by_its_number_and_the_expiry(checked: CheckSite) -> None:
    registry, urls = small_site(checked, issuer="linkedin: 1234567\n", more="validFor: P2Y\n")
    known = query(sharing.linkedin(urls, EN, award_of(registry)))
    assert known["organizationId"] == "1234567" and "organizationName" not in known
    assert (known["expirationYear"], known["expirationMonth"]) == ("2026", "6")


@pytest.mark.parametrize("value", ["true", '"acme"', "0", "-4", "1.5"])
def test_a_linkedin_number_is_a_number(checked: CheckSite, value: str) -> None:
    found = checked(
        {
            "badges/harbour/issuer.yml": "name: H\ndescription: H\nurl: https://h.example.org\n"
            f"email: a@h.example.org\nlinkedin: {value}\n"
        }
    )
    assert [d.span.line for d in found.diagnostics if d.span] == [5]


def test_codes_are_what_they_say_wherever_they_are_pasted(checked: CheckSite) -> None:
    registry, urls = small_site(checked, badge=EVIL)
    award = award_of(registry)
    page = f"https://badges.example.org/in/a-folder/awards/{award.id}/"
    share = sharing.of_award(registry, urls, EN, award)
    assert share is not None
    [(tag, frame)] = Elements(share.codes.frame).found
    assert tag == "iframe" and frame["src"] == page + "embed/" and frame["title"] == PLAIN
    assert set(frame) == {"src", "title", "width", "height", "loading", "style"}
    picture = {"src": page + "badge.png", "alt": PLAIN, "width": "160", "height": "160"}
    assert Elements(share.codes.html).found == [("a", {"href": page}), ("img", picture)]
    signature = Elements(share.codes.signature)
    assert [tag for tag, _ in signature.found] == ["a", "img", "strong"]
    assert signature.text.split() == f"{PLAIN} · Harbour".split()
    marked = Elements(MarkdownIt("commonmark").render(share.codes.markdown)).found
    assert marked == [("p", {}), ("a", {"href": page}), ("img", {"src": page + "badge.png", "alt": PLAIN})]


def test_the_frame_speaks_the_readers_language_unless_it_is_the_first(checked: CheckSite) -> None:
    registry, urls = small_site(checked)
    share = sharing.of_badge(registry, urls, AR, registry.badges["harbour/listener"])
    [(_, frame)] = Elements(share.codes.frame).found
    assert frame["src"] == "https://badges.example.org/in/a-folder/badges/harbour/listener/embed/#ar"


def test_a_site_without_embeds_offers_no_frame(checked: CheckSite) -> None:
    registry, urls = small_site(checked, site="share: {embeds: false}\n")
    assert sharing.of_badge(registry, urls, EN, registry.badges["harbour/listener"]).codes.frame == ""
    assert embedded(registry, urls) == {}


def test_unlisted_pages_say_so_and_lapsed_awards_are_not_shared(checked: CheckSite) -> None:
    registry, urls = small_site(checked)
    for slug, unlisted in (("amira", False), ("jonas", True)):
        award, person = award_of(registry, slug), registry.participants[slug]
        share = sharing.of_award(registry, urls, EN, award)
        assert share is not None and share.unlisted is unlisted
        assert sharing.of_passport(registry, urls, EN, person, "X").unlisted is unlisted
    assert sharing.of_award(registry, urls, EN, replace(award, acceptance="declined")) is None
    assert sharing.of_award(registry, urls, EN, replace(award, identity=None)) is None


def test_a_passport_without_badges_is_shared_without_a_picture(checked: CheckSite) -> None:
    registry, urls = small_site(checked)
    empty = replace(registry, awards_by_participant={})
    share = sharing.of_passport(empty, urls, EN, registry.participants["amira"], "Amira Khalil")
    assert [tag for tag, _ in Elements(share.codes.html + share.codes.signature).found] == [
        "a",
        "a",
        "strong",
    ]
    assert share.codes.markdown.startswith("[Passport of Amira Khalil](")


def test_wallets_get_the_address_of_the_credential(checked: CheckSite) -> None:
    registry, urls = small_site(checked)
    award = award_of(registry)
    address = f"https://badges.example.org/in/a-folder/awards/{award.id}/credential.json"
    made = sharing.wallets(urls, award)
    assert made.credential == address
    head, _, value = made.verifier.partition("#verify?vc=")
    assert head == "https://verifierplus.org/" and unquote(value) == address and "/" not in value


# --- Embeds ---------------------------------------------------------------------------------------------


def embedded(registry: Registry, urls: Any, *languages: Language) -> dict[str, bytes]:
    made = embeds.Embeds(registry, urls, languages or (EN, AR), packaged_theme())
    found = list(made.of_badges())
    for slug, person in registry.participants.items():
        found += made.of_person(person, registry.awards_by_participant.get(slug, ()))
    assert len(dict(found)) == len(found)
    return dict(found)


def test_there_are_two_files_for_each_page_with_every_language_in_one(checked: CheckSite) -> None:
    registry, urls = small_site(checked, badge=EVIL)
    made = embedded(registry, urls)
    pages = ["badges/harbour/listener/", "passports/amira/", "passports/jonas/"]
    pages += [f"awards/{a}/" for a in registry.awards]
    assert set(made) == {p + f for p in pages for f in ("embed/index.html", "oembed.json")}
    for page in pages:
        found = Elements(made[page + "embed/index.html"].decode())
        articles = [attributes for tag, attributes in found.found if tag == "article"]
        assert [(a["id"], a["lang"], a["dir"]) for a in articles] == [
            ("en", "en", "ltr"),
            ("ar", "ar", "rtl"),
        ]
        assert ("meta", {"name": "robots", "content": "noindex"}) in found.found
        assert not [tag for tag, _ in found.found if tag in ("script", "style", "iframe")]
        assert all(a["target"] == "_top" for tag, a in found.found if tag == "a")
        assert all("://" not in str(a.get("href", a.get("src"))) for _, a in found.found)
        assert not any(name.startswith("on") for _, a in found.found for name in a)


def test_an_embed_says_what_became_of_an_award(checked: CheckSite) -> None:
    registry, urls = small_site(checked, more="validFor: P2Y\n")
    maker = embeds.Embeds(registry, urls, (EN,), packaged_theme())
    award = award_of(registry)
    assert maker.award(award, EN).lines == [
        "awarded to Amira Khalil",
        "18 June 2024",
        "Valid until 18 June 2026",
    ]
    declined = maker.award(replace(award, acceptance="declined"), EN)
    assert declined.state == "Declined" and "Amira" not in str(declined)


@pytest.mark.parametrize("name", [EVIL, "\\0frame\\0", 'x\\" %s {0} \\\\u0000frame\\\\u0000'])
def test_oembed_answers_as_its_specification_asks(checked: CheckSite, name: str) -> None:
    registry, urls = small_site(checked, badge=name)
    made = embedded(registry, urls)
    for path, data in made.items():
        if not path.endswith("oembed.json"):
            continue
        answer = json.loads(data)
        assert data == to_bytes(answer)
        assert (answer["version"], answer["type"]) == ("1.0", "rich")
        assert answer["provider_url"] == "https://badges.example.org/in/a-folder/"
        [(tag, frame)] = Elements(answer["html"]).found
        assert tag == "iframe" and frame["src"] == urls.base + path.replace("oembed.json", "embed/")
        assert (frame["width"], frame["height"]) == (str(answer["width"]), str(answer["height"]))
        assert frame["title"] == answer["title"]
        thumbnail = {k for k in answer if k.startswith("thumbnail")}
        assert len(thumbnail) == (0 if path.startswith("passports/") else 3)


# --- schema.org -----------------------------------------------------------------------------------------


def test_badges_and_public_awards_are_described_for_search_engines(checked: CheckSite) -> None:
    registry, urls = small_site(checked, badge=EVIL, more="validFor: P1Y6M\n")
    badge, award = registry.badges["harbour/listener"], award_of(registry)
    node = structured.of_badge(urls, EN, badge)
    assert node["@type"] == "EducationalOccupationalCredential" and node["credentialCategory"] == "badge"
    assert node["name"] == PLAIN and node["description"] == "Listens & <hears> well."
    assert node["validFor"] == "P1Y6M"
    assert node["recognizedBy"]["name"] == "Harbour"
    assert [c["name"] for c in node["competencyRequired"]] == ["Listening"]
    given = structured.of_award(urls, AR, award)
    assert given is not None and given["dateCreated"] == "2024-06-18" and given["expires"] == "2025-12-18"
    assert given["url"] == f"{urls.base}ar/awards/{award.id}/"
    assert "Amira" not in json.dumps(given)


def test_nothing_is_said_of_who_is_not_listed(checked: CheckSite) -> None:
    registry, urls = small_site(checked)
    assert structured.of_award(urls, EN, award_of(registry, "jonas")) is None
    assert structured.of_award(urls, EN, replace(award_of(registry), acceptance="declined")) is None
    assert structured.of_passport(registry, urls, EN, registry.participants["jonas"]) is None
    assert structured.script(None) == ""
    person = structured.of_passport(registry, urls, EN, registry.participants["amira"])
    assert person is not None and person["mainEntity"]["name"] == "Amira Khalil"
    assert [c["name"] for c in person["mainEntity"]["hasCredential"]] == ["Listener"]


def test_a_script_cannot_be_ended_by_a_name() -> None:
    name = "</script><script>evil()</script> & ' \u2028"
    text = structured.script({"@type": "Person", "name": name})
    assert not set("<>&'") & set(text)
    assert json.loads(text) == {"@context": "https://schema.org", "@type": "Person", "name": name}
