"""Edits that people make to a small site, at random: each changes its source in one way, or undoes that."""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from minimal import MINIMAL

PEOPLE = ("amira", "jonas", "noor", "zoe")
Edit = Callable[[Path, random.Random], None]


def put(site: Path, name: str, text: str) -> None:
    file = site / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def somebody(name: str) -> str:
    salt = f"salt-of-{name}-0000000"
    known = hashlib.sha256(f"{name}@example.org{salt}".encode()).hexdigest()
    return (
        f"name: {name.title()}\ndisplay: full\nvisibility: public\n"
        f"identities: [{{identity: sha256${known}, salt: {salt}}}]\n"
        "consent: {on: 2024-06-20, scope: [name, listing, awards]}\n"
    )


def start(folder: Path) -> Path:
    """A small site that changes quickly: the plain host, two badges, a milestone."""
    site = folder / "site"
    shutil.copytree(MINIMAL, site)
    text = (site / "site.yml").read_text(encoding="utf-8")
    put(site, "site.yml", text + "share: {cards: false}\n")
    for name in PEOPLE[2:]:
        put(site, f"content/participants/{name}.yml", somebody(name))
    badge = (site / "badges/harbour/listener.yml").read_text(encoding="utf-8")
    put(site, "badges/harbour/speaker.yml", badge.replace("name: ", "name: Speaking ", 1))
    put(
        site,
        "badges/harbour/both.yml",
        badge.replace("name: ", "name: Both ", 1)
        + "\nmilestone: {count: 2, of: [harbour/listener, harbour/speaker]}\n",
    )
    return site


def award(site: Path, chance: random.Random) -> None:
    number, person = chance.randrange(6), chance.choice(PEOPLE)
    badge = chance.choice(("listener", "speaker"))
    put(
        site,
        f"content/awards/harbour/extra-{number}.yml",
        f"badge: {badge}\nparticipant: {person}\nissuedOn: 2019-0{1 + chance.randrange(9)}-1{number}\n"
        + (
            f"narrative: {chance.choice(('Spoke.', 'Listened & “wrote”.'))}\n"
            if chance.random() < 0.5
            else ""
        )
        + ("revoked: {on: 2020-01-01, reason: Mistake}\n" if chance.random() < 0.2 else ""),
    )


def no_award(site: Path, chance: random.Random) -> None:
    extra = sorted((site / "content/awards/harbour").glob("extra-*.yml"))
    if extra:
        chance.choice(extra).unlink()


def visibility(site: Path, chance: random.Random) -> None:
    file = site / f"content/participants/{chance.choice(PEOPLE)}.yml"
    if file.exists():
        lines = [x for x in file.read_text(encoding="utf-8").splitlines() if not x.startswith("visibility:")]
        lines.append(f"visibility: {chance.choice(('public', 'unlisted'))}")
        put(file.parent, file.name, "\n".join(lines) + "\n")


def bio(site: Path, chance: random.Random) -> None:
    file = site / f"content/participants/{chance.choice(PEOPLE)}.yml"
    if file.exists():
        lines = [x for x in file.read_text(encoding="utf-8").splitlines() if not x.startswith("bio:")]
        put(file.parent, file.name, "\n".join([*lines, f"bio: Words {chance.randrange(3)}."]) + "\n")


def person(site: Path, chance: random.Random) -> None:
    """Somebody new comes, or goes."""
    file = site / "content/participants/kim.yml"
    if file.exists():
        file.unlink()
    else:
        put(file.parent, file.name, somebody("kim"))


def badge(site: Path, chance: random.Random) -> None:
    """A badge is called, looks or is reached otherwise."""
    file = site / f"badges/harbour/{chance.choice(('listener', 'speaker', 'both'))}.yml"
    if not file.exists():
        return
    text = re.sub(r"(?m)^design: .*\n", "", file.read_text(encoding="utf-8"))
    match chance.randrange(3):
        case 0:
            text = text.replace("name: ", f"name: {chance.choice('ABC')} ", 1)
        case 1:
            text = text.replace(
                "name: ", f"design: {{color: '#{chance.randrange(100000, 999999)}'}}\nname: ", 1
            )
        case _:
            text = re.sub("count: .", f"count: {chance.randrange(1, 3)}", text)
    put(file.parent, file.name, text)


def page(site: Path, chance: random.Random) -> None:
    file = site / f"content/pages/{chance.choice(('about', 'take-your-badge'))}.md"
    if file.exists() and chance.random() < 0.5:
        file.unlink()
    else:
        put(file.parent, file.name, f"# A page\n\nOf {chance.randrange(9)} words.\n")


def setting(site: Path, chance: random.Random) -> None:
    text = (site / "site.yml").read_text(encoding="utf-8").split("output:")[0]
    put(site, "site.yml", text + f"output: {{zip: {str(chance.random() < 0.5).lower()}}}\n")


def theme(site: Path, chance: random.Random) -> None:
    file = site / "themes/passport/templates/offline.html"
    if file.exists():
        shutil.rmtree(site / "themes")
    else:
        put(file.parent, file.name, f"<h1>Away {chance.randrange(3)}</h1>\n")


def portfolio(site: Path, chance: random.Random) -> None:
    put(
        site,
        f"content/participants/amira/{chance.choice(('work', 'more'))}.md",
        f"# Of {chance.randrange(5)}\n\nText.\n",
    )


def cohort(site: Path, chance: random.Random) -> None:
    """Two or three people get the same badge, in one file."""
    people = chance.sample(PEOPLE, 2 + chance.randrange(2))
    rows = "".join(f"  - participant: {name}\n" for name in people)
    day = f"2021-0{1 + chance.randrange(3)}-01"
    put(site, "content/awards/harbour/cohort.yml", f"badge: speaker\nissuedOn: {day}\nawards:\n{rows}")


def table(site: Path, chance: random.Random) -> None:
    """A table, and defaults beside it that change by themselves."""
    if chance.random() < 0.5:
        rows = "".join(f"{name},2022-02-0{n}\n" for n, name in enumerate(chance.sample(PEOPLE, 2), 1))
        put(site, "content/awards/harbour/table.csv", f"participant,issuedOn\n{rows}")
    badge = chance.choice(("listener", "speaker"))
    put(
        site,
        "content/awards/harbour/table.yml",
        f"badge: {badge}\nissuedOn: 2022-02-09\n",
    )


def issuer(site: Path, chance: random.Random) -> None:
    file = site / "badges/harbour/issuer.yml"
    text = file.read_text(encoding="utf-8")
    put(file.parent, file.name, text.replace("name: ", f"name: {chance.choice('ABC')} ", 1))


def cards(site: Path, _: random.Random) -> None:
    """The site has cards now, or has none any more."""
    text = (site / "site.yml").read_text(encoding="utf-8")
    old, new = ("true", "false") if "{cards: true}" in text else ("false", "true")
    put(site, "site.yml", text.replace(f"cards: {old}", f"cards: {new}"))


def no_badge(site: Path, _: random.Random) -> None:
    """A badge goes, awarded or not, and comes back."""
    file, aside = site / "badges/harbour/speaker.yml", site.parent / "speaker.yml"
    if file.exists():
        file.rename(aside)
    elif aside.exists():
        aside.rename(file)


def renamed(site: Path, _: random.Random) -> None:
    """Somebody's passport gets another name, and its old one leads there."""
    old, new = (site / f"content/participants/{name}.yml" for name in ("jonas", "jon"))
    if old.exists():
        put(new.parent, new.name, old.read_text(encoding="utf-8") + "key: jonas\nformer: [{slug: jonas}]\n")
        old.unlink()


def overlay(site: Path, chance: random.Random) -> None:
    """What is private of somebody comes, changes and goes."""
    file = site / "private/participants/noor.yml"
    if file.exists() and chance.random() < 0.5:
        file.unlink()
    else:
        put(file.parent, file.name, f"name: Noor {chance.choice('ABC')}.\n")


def mistake(site: Path, chance: random.Random) -> None:
    """Something is wrong, and right again."""
    wrong = "content/awards/harbour/wrong.yml"
    name, text = chance.choice(
        (
            (wrong, "badge: listener\nparticipant: nobody\nissuedOn: 2020-01-01\n"),
            (wrong, "badge: listner\nparticipant: zoe\nissuedOn: 2020-01-01\n"),
            (wrong, "badge: listener\nparticipant: [\n"),
            ("content/participants/twin.yml", somebody("zoe")),
        )
    )
    if (site / name).exists():
        (site / name).unlink()
    else:
        put(site, name, text)


def erased(site: Path, chance: random.Random) -> None:
    entry = f"{{id: 0123456789ABCDE{chance.choice('FGH')}, badge: listener, "
    entry += "issuedOn: 2019-06-18, on: 2020-02-02}"
    put(site, "content/awards/harbour/erased.yml", f"erased: [{entry}]\n")


def endorsement(site: Path, chance: random.Random) -> None:
    """An issuer speaks for an award, which may not be there."""
    who = chance.choice(PEOPLE[:2])
    put(
        site,
        "badges/harbour/endorsements/praise.yml",
        f"award: {{badge: harbour/listener, participant: {who}, issuedOn: 2024-06-18}}\n"
        "issuedOn: 2025-01-01\ncomment: Well done.\n",
    )


SIMPLE: tuple[Edit, ...] = (
    award,
    award,
    no_award,
    visibility,
    bio,
    person,
    badge,
    page,
    setting,
    theme,
    portfolio,
)
"""After which a site is mostly good."""
EDITS: tuple[Edit, ...] = (
    *SIMPLE,
    cohort,
    cohort,
    table,
    issuer,
    cards,
    no_badge,
    renamed,
    overlay,
    mistake,
    erased,
    endorsement,
)


def settle(site: Path, step: int = 0) -> None:
    """Give the files the age that files have when nobody edits them."""
    for path in site.rglob("*"):
        os.utime(path, (1_600_000_000 + step, 1_600_000_000 + step))
