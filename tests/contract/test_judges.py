"""The judges themselves, on a small site written by hand: do they say yes and no where they should?"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

sys.path.insert(0, str(Path(__file__).parents[1]))

from judges import Check, Verdict, openbadges_judge, openbadgeslib_judge

pytestmark = pytest.mark.contract

BASE = "https://badges.example.org/ve/"
CONTEXT = "https://w3id.org/openbadges/v2"
EMAIL = "ada@example.org"
SALT = "q7Xw2mVd9KcT4RzL"
JUDGES = [openbadges_judge, openbadgeslib_judge]


def stamp(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def assertion(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "@context": CONTEXT,
        "type": "Assertion",
        "id": f"{BASE}{name}.json",
        "recipient": {
            "type": "email",
            "hashed": True,
            "salt": SALT,
            "identity": "sha256$" + hashlib.sha256((EMAIL + SALT).encode()).hexdigest(),
        },
        "badge": f"{BASE}badge.en.json",
        "issuedOn": stamp(-30),
        "verification": {"type": "HostedBadge"},
        **changes,
    }


def baked_png(plain: Path, path: Path, text: str) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("openbadges", text)
    with Image.open(plain) as image:
        image.save(path, pnginfo=info)


def baked_svg(path: Path, document: dict[str, Any]) -> None:
    path.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8">'
        '<openbadges:assertion xmlns:openbadges="http://openbadges.org" '
        f'verify="{document["id"]}"><![CDATA[{json.dumps(document)}]]></openbadges:assertion>'
        '<rect width="8" height="8"/></svg>'
    )


def write_site(root: Path) -> None:
    def put(name: str, document: dict[str, Any]) -> None:
        (root / f"{name}.json").write_text(json.dumps(document))

    badge = {
        "@context": CONTEXT,
        "type": "BadgeClass",
        "id": f"{BASE}badge.en.json",
        "@language": "en",
        "name": "Dialogue participant",
        "description": "Took part in a virtual exchange.",
        "image": f"{BASE}badge.png",
        "criteria": {"id": f"{BASE}badge/en/", "narrative": "* Came to four sessions"},
        "issuer": f"{BASE}issuer.json",
        "alignment": [{"targetName": "EQF level 5", "targetUrl": "http://data.europa.eu/snb/eqf/5"}],
        "tags": ["dialogue", "exchange"],
    }
    Image.new("RGBA", (8, 8), "#2a6f97").save(root / "badge.png")
    (root / "badge/en").mkdir(parents=True)
    (root / "badge/en/index.html").write_text("<!doctype html><title>Criteria</title>")
    put(
        "issuer",
        {
            "@context": CONTEXT,
            "type": "Issuer",
            "id": f"{BASE}issuer.json",
            "name": "Example consortium",
            "url": BASE,
            "email": "badges@example.org",
            "verification": {
                "type": "VerificationObject",
                "startsWith": BASE,
                "allowedOrigins": "badges.example.org",
            },
            "revocationList": f"{BASE}revocations.json",
        },
    )
    put("badge.en", badge)
    put(
        "revocations",
        {
            "@context": CONTEXT,
            "type": "RevocationList",
            "id": f"{BASE}revocations.json",
            "issuer": f"{BASE}issuer.json",
            "revokedAssertions": [{"id": f"{BASE}revoked.json"}, {"id": f"{BASE}listed.json"}],
        },
    )
    put("valid", assertion("valid"))
    plain = {"type": "email", "hashed": False, "identity": EMAIL}
    put("plain-mail", assertion("plain-mail", recipient=plain))
    put("expired", assertion("expired", expires=stamp(-1)))
    put("expires-later", assertion("expires-later", expires=stamp(300)))
    put("future", assertion("future", issuedOn=stamp(2)))
    put("tampered", assertion("nowhere"))
    put("copied", assertion("valid"))
    put("revoked", {"@context": CONTEXT, "type": "Assertion", "id": f"{BASE}revoked.json", "revoked": True})
    put("listed", assertion("listed", revoked=True))
    put("no-badge", assertion("no-badge", badge=f"{BASE}gone.json"))

    put("badge.no-image", badge | {"id": f"{BASE}badge.no-image.json", "image": f"{BASE}gone.png"})
    put("no-image", assertion("no-image", badge=f"{BASE}badge.no-image.json"))
    criteria = {"id": f"{BASE}gone/", "narrative": "Gone"}
    put("badge.no-criteria", badge | {"id": f"{BASE}badge.no-criteria.json", "criteria": criteria})
    put("no-criteria", assertion("no-criteria", badge=f"{BASE}badge.no-criteria.json"))

    (root.parent / "outside.json").write_text(json.dumps(assertion("..%2Foutside")))

    text = json.dumps(assertion("valid"))
    baked_png(root / "badge.png", root / "valid.png", text)
    baked_svg(root / "valid.svg", assertion("valid"))
    baked_png(root / "badge.png", root / "url.png", f"{BASE}valid.json")
    baked_png(root / "badge.png", root / "expired.png", json.dumps(assertion("expired", expires=stamp(-1))))
    baked_png(root / "badge.png", root / "altered.png", json.dumps(assertion("valid", issuedOn=stamp(-99))))
    baked_svg(root / "altered.svg", assertion("valid", issuedOn=stamp(-99)))
    (root / "plain.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    (root / "broken.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg">')


# What both judges agree on: name of the check, what is judged, whose it should be, the verdict.
AGREED: list[tuple[str, str | Path, str | None, bool]] = [
    ("valid", f"{BASE}valid.json", None, True),
    ("right recipient", f"{BASE}valid.json", EMAIL, True),
    ("wrong recipient", f"{BASE}valid.json", "bob@example.org", False),
    ("plain recipient", f"{BASE}plain-mail.json", EMAIL, True),
    ("wrong plain recipient", f"{BASE}plain-mail.json", "bob@example.org", False),
    ("not expired", f"{BASE}expires-later.json", None, True),
    ("expired", f"{BASE}expired.json", None, False),
    ("from the future", f"{BASE}future.json", None, False),
    ("id of a missing file", f"{BASE}tampered.json", None, False),
    ("id of another file", f"{BASE}copied.json", None, True),
    ("revoked stub", f"{BASE}revoked.json", None, False),
    ("missing BadgeClass", f"{BASE}no-badge.json", None, False),
    ("missing criteria page", f"{BASE}no-criteria.json", None, True),
    ("missing file", f"{BASE}gone.json", None, False),
    ("outside the base", "https://elsewhere.example.org/valid.json", None, False),
    ("outside the folder", f"{BASE}..%2Foutside.json", None, False),
    ("png", Path("valid.png"), None, True),
    ("png, right recipient", Path("valid.png"), EMAIL, True),
    ("png, wrong recipient", Path("valid.png"), "bob@example.org", False),
    ("png with a URL", Path("url.png"), None, True),
    ("png at its URL", f"{BASE}valid.png", EMAIL, True),
    ("svg at its URL", f"{BASE}valid.svg", EMAIL, True),
    ("a page", f"{BASE}badge/en/", None, False),
    ("png, expired", Path("expired.png"), None, False),
    ("png, not baked", Path("badge.png"), None, False),
    ("svg", Path("valid.svg"), None, True),
    ("svg, right recipient", Path("valid.svg"), EMAIL, True),
    ("svg, wrong recipient", Path("valid.svg"), "bob@example.org", False),
    ("svg, not baked", Path("plain.svg"), None, False),
    ("svg, broken", Path("broken.svg"), None, False),
]

# Where they differ, so that a surprise in either of them shows up here first:
# openbadges reads neither `revoked` nor the revocation list of a hosted badge, and of a baked image only
# the id; openbadgeslib does not look at the image of a BadgeClass.
SPLIT: list[tuple[str, str | Path, dict[ModuleType, bool]]] = [
    ("listed as revoked", f"{BASE}listed.json", {openbadges_judge: True, openbadgeslib_judge: False}),
    ("png, altered", Path("altered.png"), {openbadges_judge: True, openbadgeslib_judge: False}),
    ("svg, altered", Path("altered.svg"), {openbadges_judge: True, openbadgeslib_judge: False}),
    ("missing badge image", f"{BASE}no-image.json", {openbadges_judge: False, openbadgeslib_judge: True}),
    ("a BadgeClass", f"{BASE}badge.en.json", {openbadges_judge: True, openbadgeslib_judge: False}),
]

Asked = tuple[ModuleType, dict[str, Verdict]]


@pytest.fixture(scope="module", params=JUDGES, ids=lambda judge: judge.__name__.rpartition(".")[2])
def asked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Asked:
    judge = request.param
    if not judge.available() and not os.environ.get("CI"):
        pytest.skip(f"{judge.__name__} is not installed: run tests/judges/install.sh")
    root = tmp_path_factory.mktemp("judged") / "site"
    root.mkdir()
    write_site(root)
    checks = [Check(name, what, email) for name, what, email, _ in AGREED]
    checks += [Check(name, what) for name, what, _ in SPLIT]
    return judge, {verdict.id: verdict for verdict in judge.judge(BASE, root, checks)}


@pytest.mark.parametrize(("name", "expected"), [(name, valid) for name, _, _, valid in AGREED])
def test_the_verdict(asked: Asked, name: str, expected: bool) -> None:
    _, verdicts = asked
    assert verdicts[name].valid is expected, verdicts[name]
    assert bool(verdicts[name].errors) is not expected


@pytest.mark.parametrize(("name", "expected"), [(name, valid) for name, _, valid in SPLIT])
def test_where_the_judges_differ(asked: Asked, name: str, expected: dict[ModuleType, bool]) -> None:
    judge, verdicts = asked
    assert verdicts[name].valid is expected[judge], verdicts[name]


@pytest.mark.parametrize(("name", "email"), [(name, email) for name, _, email, valid in AGREED if valid])
def test_a_matching_recipient_is_named(asked: Asked, name: str, email: str | None) -> None:
    _, verdicts = asked
    assert verdicts[name].recipient_profile == ({"email": email} if email else None)


def test_only_a_foreign_id_makes_a_warning(asked: Asked) -> None:
    _, verdicts = asked
    warned = {name for name, verdict in verdicts.items() if verdict.warnings}
    assert warned == {"id of a missing file", "id of another file"}


def test_the_three_documents_are_read(asked: Asked) -> None:
    _, verdicts = asked
    for name in ("valid", "png", "svg"):
        assert {"Assertion", "BadgeClass", "Issuer"} <= set(verdicts[name].graph_types)
        assert set(verdicts[name].fetched) >= {
            f"{BASE}valid.json",
            f"{BASE}badge.en.json",
            f"{BASE}issuer.json",
        }
        assert f"{BASE}badge/en/" not in verdicts[name].fetched


def test_the_reason_names_the_recipient(asked: Asked) -> None:
    _, verdicts = asked
    reasons = " ".join(verdicts["wrong recipient"].errors)
    assert "did not match" in reasons or "Recipient mismatch" in reasons
