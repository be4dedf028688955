"""`passport import --for`: badges of other issuers, from a real host, a picture, a document and a token."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import repositories
from badge_passport.cli import cli
from badge_passport.pipeline import check
from badge_passport.source import pictures
from baked import png_with
from foreign_fixtures import EMAIL, SALT, Elsewhere, as_token, credential, elsewhere, hosted, signed
from minimal import MakeSite

FOLDER = "content/participants/amira"


@pytest.fixture
def host() -> Iterator[Elsewhere]:
    with elsewhere() as server:
        server.serve(hosted(server.base))
        yield server


@pytest.fixture
def site(make_site: MakeSite) -> Path:
    return make_site(
        {
            ".gitignore": "private/\npublic/\n",
            "private/roster.csv": f"participant,address\namira,other@example.net\namira,{EMAIL}\n"
            "jonas,jonas@example.net\n",
        }
    )


def run(*arguments: str | Path, code: int = 0) -> Result:
    done = CliRunner().invoke(cli, [str(a) for a in arguments], catch_exceptions=False)
    assert done.exit_code == code, done.output
    return done


def take(site: Path, source: str | Path, *more: str, code: int = 0, who: str = "amira") -> str:
    options = ("--site", site, "--format", "concise", "--for", who, "--yes", "--allow-private")
    return run("import", source, *options, *more, code=code).output


def everything(site: Path) -> dict[str, bytes]:
    return {str(f.relative_to(site)): f.read_bytes() for f in site.rglob("*") if f.is_file()}


def others(site: Path, who: str = "amira") -> list[dict[str, object]]:
    checked = check(site)
    assert checked.good and checked.registry is not None, checked.diagnostics
    record = checked.registry.participants[who].record
    dumped = [o.model_dump(mode="json", by_alias=True, exclude_none=True) for o in record.other_badges]
    return [{**other, "name": other["name"][""]} for other in dumped]


def refused(site: Path, source: str | Path, *more: str, who: str = "amira") -> str:
    before = everything(site)
    said = take(site, source, *more, code=1, who=who)
    assert everything(site) == before
    return said


def test_a_hosted_badge_from_its_address_to_the_page(site: Path, host: Elsewhere) -> None:
    said = take(site, host.base + "a.json")
    assert "Repair Café Host, issued by Fixers of the Old Town on 2021-03-05 (verified)" in said
    assert EMAIL not in said
    [other] = others(site)
    name = str(other["file"]).removesuffix(".json")
    assert name.startswith("repair-cafe-host-")
    assert other["verified"] == {
        "on": str(check_day(site)),
        "how": "ob2",
        "by": host.base + "a.json",
    }
    for end, path in ((".json", "a.json"), (".badge.json", "b.json"), (".issuer.json", "o.json")):
        assert (site / FOLDER / f"{name}{end}").read_bytes() == host.files[path]
    kept = (site / FOLDER / f"{name}.png").read_bytes()
    assert isinstance(pictures.inspect(kept), pictures.Picture)

    before = everything(site)
    assert "has this badge already" in take(site, host.base + "a.json")
    assert everything(site) == before

    run("build", "--site", site)
    public = site / "public"
    copy = public / f"passports/amira/other/{name}.json"
    assert copy.read_bytes() == host.files["a.json"]
    assert (public / f"passports/amira/other/{name}.png").read_bytes().startswith(b"\x89PNG")
    assert not list(public.rglob("*.issuer.json"))  # kept, not published
    page = (public / "passports/amira/index.html").read_text("utf-8")
    assert "Issued by others · verified on" in page
    assert f'href="other/{name}.json"' in page or f"passports/amira/other/{name}.json" in page
    assert f"#url=https%3A%2F%2Fbadges.example.org%2Fpassports%2Famira%2Fother%2F{name}.json" in page
    listed = json.loads((public / "passports/amira/passport.json").read_bytes())["otherBadges"]
    assert listed[0]["id"] == f"https://badges.example.org/passports/amira/other/{name}.json"
    assert listed[0]["verified"]["how"] == "ob2"
    run("check", "--site", site, "--built", public)


def check_day(site: Path) -> object:
    registry = check(site).registry
    assert registry is not None
    verified = registry.participants["amira"].record.other_badges[0].verified
    assert verified is not None
    return verified.on


def test_a_baked_picture_a_document_and_a_token(site: Path, host: Elsewhere, tmp_path: Path) -> None:
    picture = hosted(host.base)["i.png"]
    assert isinstance(picture, bytes)
    document = signed(credential())
    sources = {
        "hosted.png": png_with(picture, {"openbadges": host.base + "a.json"}),
        "signed.png": png_with(picture, {"openbadgecredential": document.decode()}),
        "badge.jwt.txt": as_token() + b"\n",
    }
    for name, data in sources.items():
        (tmp_path / name).write_bytes(data)
        assert "(verified)" in take(site, tmp_path / name)
    (tmp_path / "badge.json").write_bytes(document)
    assert "has this badge already" in take(site, tmp_path / "badge.json")  # it came in the picture
    found = others(site)
    assert [(o["verified"]["how"], o["name"]) for o in found] == [  # type: ignore[index]
        ("ob2", "Repair Café Host"),
        ("ob3", "Night Library Volunteer"),
        ("ob3", "Night Library Volunteer"),
    ]
    assert all("image" in o for o in found)
    envelope = json.loads((site / FOLDER / str(found[2]["file"])).read_bytes())
    assert envelope["id"] == "data:application/vc+jwt," + as_token().decode().strip()
    # What is kept verifies by itself, as whoever downloads our copy sees it.
    for other in found[1:]:
        assert "\nvalid\n" in run("verify", site / FOLDER / str(other["file"]), "--recipient", EMAIL).output


def test_what_is_not_good_is_refused(site: Path, host: Elsewhere, tmp_path: Path) -> None:
    file = tmp_path / "badge.json"
    file.write_bytes(signed(credential()).replace(b"Night Library Volunteer", b"Day Library Volunteer"))
    said = refused(site, file)
    assert "error[foreign-invalid]" in said and "Nothing was changed after signing" in said
    file.write_bytes(signed(credential("somebody@example.net")))
    assert "error[foreign-not-theirs]" in refused(site, file)
    file.write_bytes(signed(credential()))
    assert "error[foreign-not-theirs]" in refused(site, file, who="jonas")
    host.serve(hosted(host.base, revoked=True))
    assert "error[foreign-invalid]" in refused(site, host.base + "a.json")
    assert "error[foreign-invalid]" in refused(site, host.base + "nothing.json")
    file.write_bytes(b"no badge")
    assert "error[foreign-invalid]" in refused(site, file)


def test_a_plain_address_is_never_published(site: Path, host: Elsewhere, tmp_path: Path) -> None:
    plain = {"type": "email", "hashed": False, "identity": EMAIL}
    host.serve(hosted(host.base, recipient=plain))
    said = refused(site, host.base + "a.json")
    assert "error[foreign-address]" in said and EMAIL not in said
    subject = {**credential()["credentialSubject"], "id": f"mailto:{EMAIL}"}
    file = tmp_path / "badge.json"
    file.write_bytes(signed(credential(credentialSubject=subject)))
    assert "error[foreign-address]" in refused(site, file)
    # And not if somebody writes it there by hand, whatever the site allows.
    host.serve(hosted(host.base))
    take(site, host.base + "a.json")
    [other] = others(site)
    kept = site / FOLDER / str(other["file"])
    kept.write_text(kept.read_text().replace(SALT, EMAIL.replace("@", "\\u0040")), "utf-8")
    with (site / "site.yml").open("a") as settings:
        settings.write("privacy: {plainEmail: allow}\n")
    assert "error[plain-email]" in run("check", "--site", site, "--format", "concise", code=1).output


def test_a_name_needs_consent(site: Path, tmp_path: Path) -> None:
    person = site / "content/participants/amira.yml"
    text = person.read_text("utf-8").replace("[name, listing, awards]", "[awards]")
    person.write_text(
        text.replace("display: full", "display: none").replace("public", "unlisted").replace("name:", "#"),
        "utf-8",
    )
    subject = credential()["credentialSubject"]
    named = [
        *subject["identifier"],
        {"type": "IdentityObject", "hashed": False, "identityHash": "A. K.", "identityType": "name"},
    ]
    file = tmp_path / "badge.json"
    file.write_bytes(signed(credential(credentialSubject={**subject, "identifier": named})))
    assert "error[consent-missing]" in refused(site, file)
    # What the roster calls the person is looked for in everything that the badge says.
    (site / "private/roster.csv").write_text(f"participant,address,name\namira,{EMAIL},Amira Khalil\n")
    file.write_bytes(signed(credential(name="For AMIRA Khalil")))
    assert "error[consent-missing]" in refused(site, file)
    file.write_bytes(signed(credential()))
    take(site, file)


def test_what_is_too_large_or_no_single_badge(site: Path, host: Elsewhere, tmp_path: Path) -> None:
    file = tmp_path / "badge.json"
    subject = credential()["credentialSubject"]
    achievement = {**subject["achievement"], "description": "x" * 1_100_000}
    file.write_bytes(signed(credential(credentialSubject={**subject, "achievement": achievement})))
    said = refused(site, file)
    assert "error[foreign-unusable]" in said and "1 MB" in said
    file.write_text(json.dumps({"type": ["VerifiablePresentation"], "verifiableCredential": [credential()]}))
    assert "a presentation of several badges" in refused(site, file)
    subject["achievement"]["name"] = "<b>Bold</b>"
    file.write_bytes(signed(credential(credentialSubject=subject)))
    assert "error[raw-html]" in refused(site, file)
    subject["achievement"]["name"] = "Bold\u202e\x1b[31m"
    file.write_bytes(signed(credential(credentialSubject=subject)))
    said = take(site, file)
    assert all(c.isprintable() or c == "\n" for c in said)
    assert others(site)[0]["name"] == "Bold [31m"


def test_our_own_badge_is_told_so(site: Path) -> None:
    run("build", "--site", site)
    own = next((site / "public/awards").glob("*/assertion.json"))
    before = everything(site)
    offline = ("--offline", site / "public", "--base", "https://badges.example.org/")
    command = ("import", own, "--site", site, "--format", "concise", "--for", "amira", "--yes")
    said = run(*command, *offline, code=1).output
    assert everything(site) == before
    assert "error[foreign-own]" in said


def test_when_nobody_can_tell(site: Path, host: Elsewhere, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_bytes(host.files["a.json"])
    (tmp_path / "empty").mkdir()
    offline = ("--offline", str(tmp_path / "empty"), "--base", "https://nowhere.example/")
    command = ("import", file, "--site", site, "--format", "concise", "--for", "amira", "--yes", *offline)
    assert "error[foreign-undecided]" in run(*command, code=1).output
    assert "nothing to show" in run(*command, "--unverified", code=1).output
    # A signature that could be checked, and a status list that does not answer.
    status = {
        "id": "https://nowhere.example/status/1#5",
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "5",
        "statusListCredential": "https://elsewhere.example/status/1",
    }
    file.write_bytes(signed(credential(credentialStatus=status)))
    assert "error[foreign-undecided]" in run(*command, code=1).output
    assert "(not verified)" in run(*command, "--unverified").output
    [other] = others(site)
    assert "verified" not in other
    run("build", "--site", site)
    assert "Issued by others · not verified" in (site / "public/passports/amira/index.html").read_text(
        "utf-8"
    )
    # --unverified does not let pass what is known to be wrong.
    file.write_bytes(file.read_bytes().replace(b"Night Library", b"Day Library"))
    assert "error[foreign-invalid]" in run(*command, "--unverified", code=1).output


def test_an_entry_written_by_hand_is_replaced(site: Path, host: Elsewhere) -> None:
    with (site / "content/participants/amira.yml").open("a") as person:
        person.write(
            "# mine\notherBadges:\n"
            f"  - {{name: Cafe, issuerName: Me, issuedOn: 2020-01-01, url: '{host.base}a.json'}}\n"
            "  - {name: Other, issuerName: Me, issuedOn: 2020-01-01, url: https://example.org/other}\n"
        )
    take(site, host.base + "a.json")
    assert [o["name"] for o in others(site)] == ["Repair Café Host", "Other"]
    assert "# mine" in (site / "content/participants/amira.yml").read_text("utf-8")
    # Its issuer changed it: what was kept of the old one goes.
    host.serve(hosted(host.base, narrative="Better"))
    take(site, host.base + "a.json")
    assert len(others(site)) == 2
    assert len(list((site / FOLDER).iterdir())) == 4


def test_merged_renamed_and_erased(site: Path, host: Elsewhere) -> None:
    host.serve(hosted(host.base, "jonas@example.net"))
    take(site, host.base + "a.json", who="jonas")
    name = str(others(site, "jonas")[0]["file"])
    repositories.start(site)
    run("people", "rename", "--site", site, "jonas", "jonas-b", "--yes")
    assert (site / f"content/participants/jonas-b/{name}").is_file()
    run("check", "--site", site, "--since", "HEAD")
    run("people", "merge", "--site", site, "amira", "jonas-b", "--yes")
    assert others(site)[0]["file"] == name
    assert not list((site / "content/participants").glob("jonas*/*"))
    run("check", "--site", site, "--since", "HEAD")
    run("build", "--site", site)
    copies = [site / f"public/passports/{slug}/other/{name}" for slug in ("amira", "jonas", "jonas-b")]
    assert len({copy.read_bytes() for copy in copies}) == 1
    run("check", "--site", site, "--built", site / "public")
    run("erase", "--site", site, "amira", "--yes")
    assert not list(site.glob("content/participants/*/*"))
    assert check(site).good


def test_people_who_both_have_it_are_merged(site: Path, host: Elsewhere) -> None:
    (site / "private/roster.csv").write_text(f"participant,address\namira,{EMAIL}\njonas,jonas@example.net\n")
    take(site, host.base + "a.json")
    folder = site / "content/participants/jonas"
    folder.mkdir()
    for file in (site / FOLDER).iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    text = (site / "content/participants/amira.yml").read_text("utf-8")
    with (site / "content/participants/jonas.yml").open("a", encoding="utf-8") as person:
        person.write(text[text.index("otherBadges:") :])
    assert check(site).good
    run("people", "merge", "--site", site, "amira", "jonas", "--yes")
    assert len(others(site)) == 1
    assert not folder.exists() or not list(folder.iterdir())


def test_a_change_says_that_it_publishes_badges_of_others(site: Path, host: Elsewhere) -> None:
    repositories.start(site)
    take(site, host.base + "a.json")
    said = run("check", "--site", site, "--since", "HEAD").output
    assert "1 badge of another issuer in a passport" in said
    repositories.commit(site)
    assert "nothing that is published changes" in run("check", "--site", site, "--since", "HEAD").output


def test_a_change_of_one_badge_is_judged_alone(site: Path, host: Elsewhere) -> None:
    take(site, host.base + "a.json")
    repositories.start(site)
    file = site / FOLDER / str(others(site)[0]["file"])
    file.write_text("[]")
    said = run("check", "--site", site, "--since", "HEAD", "--format", "concise", code=1).output
    assert "error[foreign-file]" in said
    file.unlink()
    said = run("check", "--site", site, "--since", "HEAD", "--format", "concise", code=1).output
    assert "error[foreign-file]" in said and "misplaced" not in said


def test_wrong_usage(site: Path, tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("email\n")
    for options in (
        (file, "--unverified"),
        (file, "--for", "nobody"),
        (file, "--for", "amira", "--badge", "x"),
        (file, "--for", "amira", "--base", "https://example.org/"),
        (tmp_path / "none", "--for", "amira"),
        ("https://example.org/badge.json",),
    ):
        run("import", *options, "--site", site, code=2)
