"""A site of any size for measuring: `python benchmarks/generate.py FOLDER --participants 1000 --awards 3000`.

The same numbers always give the same site. The people, their addresses and their texts are made up, but
shaped like real ones: several issuers, cohorts of 30, evidence on a third of the awards, narratives on a
fifth, a few revocations and expiries, names in Latin and Arabic letters. With ``--signed`` every issuer has a
key, made of its number: it shows what signing costs, and is worth nothing.
"""

from __future__ import annotations

import argparse
import hashlib
import random
from datetime import date, timedelta
from pathlib import Path

LATIN = (
    "Amira",
    "Jonas",
    "Lea",
    "Salma",
    "Tomasz",
    "Ines",
    "Mehdi",
    "Sofia",
    "Nora",
    "Karim",
    "Elif",
    "Marta",
)
FAMILY = ("Khalil", "Berger", "Moreau", "Rossi", "Haddad", "Nowak", "Duarte", "Larsen", "Aziz", "Keller")
ARABIC = ["يوسف", "سلمى", "نور", "أميرة", "كريم", "هناء"]
TYPES = ("participant", "trainee", "facilitator", "trainer")
BADGES_PER_ISSUER = 6
COHORT = 30


def generate(
    folder: Path,
    participants: int,
    awards: int,
    *,
    host: str = "mkdocs",
    signed: bool = False,
    settings: str = "",
) -> None:
    """Write a site with that many participants and awards into ``folder``, which must not exist.

    ``settings`` are further lines of site.yml; with ``signed`` every issuer has a key and signs.
    """
    chance = random.Random(20190618)
    issuers = max(1, min(40, awards // 750))
    folder.mkdir(parents=True)
    _write(
        folder / "site.yml",
        f"name: Benchmark\ndescription: A site of {awards} awards.\nurl: https://badges.example.org/bench/\n"
        f"idNamespace: benchmark\nlanguages: [en]\nhost: {host}\n{settings}",
    )
    _write(folder / "content/pages/index.md", "# Benchmark\n\nA site for measuring.\n")
    _framework(folder)
    badges = [badge for number in range(issuers) for badge in _issuer(folder, number)]
    if signed:
        for number in range(issuers):
            _sign(folder, number)
    people = [_person(folder, number, chance) for number in range(participants)]
    _awards(folder, badges, people, awards, chance)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _framework(folder: Path) -> None:
    lines = ["name: Competences", "description: For measuring.", "levels:"]
    lines += [f"  {level}: {{name: Level {level}}}" for level in "ABC"]
    lines += ["types:", *(f"  {name}: {{name: {name.title()}}}" for name in TYPES), "competences:"]
    lines += [f"  competence-{number}: {{name: Competence {number}}}" for number in range(8)]
    _write(folder / "badges/frameworks/competences.yml", "\n".join(lines) + "\n")


def _issuer(folder: Path, number: int) -> list[tuple[str, str]]:
    slug = f"issuer-{number}"
    _write(
        folder / f"badges/{slug}/issuer.yml",
        f"name: Issuer {number}\ndescription: An organisation that issues badges.\n"
        f"url: https://example.org/{slug}\nemail: {slug}@example.org\n"
        f'color: "#{0x205070 + 977 * number:06x}"\n',
    )
    names = [f"badge-{n}" for n in range(BADGES_PER_ISSUER)]
    for n, name in enumerate(names):
        _write(
            folder / f"badges/{slug}/{name}.yml",
            f"name: Badge {n} of Issuer {number}\n"
            "description: Took part in a facilitated exchange and contributed constructively to it.\n"
            'criteria: "* Attended at least 4 of 5 sessions\\n* Wrote two reflective journals"\n'
            f"imageCaption: A badge of Issuer {number}\ntype: {TYPES[n % 4]}\nlevel: {'ABC'[n % 3]}\n"
            f"alignment: [{{competence: competences/competence-{n}, level: {'ABC'[n % 3]}}}]\n"
            + ("validFor: P2Y\n" if n == 5 else ""),
        )
    return [(slug, name) for name in names]


def _sign(folder: Path, number: int) -> None:
    """Give an issuer a key: the public half into its record, the private half for the build."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    from badge_passport.credentials.multibase import multikey_encode

    slug = f"issuer-{number}"
    private = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(slug.encode()).digest())
    public = multikey_encode("Ed25519", private.public_key().public_bytes_raw())
    with (folder / f"badges/{slug}/issuer.yml").open("a", encoding="utf-8") as file:
        file.write(f"keys:\n  - publicKeyMultibase: {public}\n    created: 2018-01-01\n")
    target = folder / f"private/keys/{slug}.pem"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    target.chmod(0o600)


def _person(folder: Path, number: int, chance: random.Random) -> str:
    slug = f"person-{number:06d}"
    given, family = chance.choice(ARABIC if number % 5 == 0 else LATIN), chance.choice(FAMILY)
    salt = hashlib.sha256(slug.encode()).hexdigest()[:24]
    hashed = hashlib.sha256(f"{slug}@example.org{salt}".encode()).hexdigest()
    public = "public" if number % 3 == 0 else "unlisted"
    _write(
        folder / f"content/participants/{slug}.yml",
        f"name: {given} {family}\ndisplay: full\nvisibility: {public}\n"
        f"identities: [{{identity: sha256${hashed}, salt: '{salt}'}}]\n"
        "consent: {on: 2019-01-10, scope: [name, listing, awards]}\n",
    )
    return slug


def _awards(
    folder: Path, badges: list[tuple[str, str]], people: list[str], awards: int, chance: random.Random
) -> None:
    """Cohorts of people who follow each other in the list, so that nobody gets a badge twice on a day."""
    done, cohort = 0, 0
    while done < awards:
        issuer, badge = badges[cohort % len(badges)]
        day = date(2018, 9, 1) + timedelta(days=cohort % 2000)
        size = min(COHORT, awards - done, len(people))
        start = (cohort * COHORT) % len(people)
        lines = [f"badge: {badge}", f"issuedOn: {day}", "awards:"]
        for number in range(size):
            lines.append(f"  - participant: {people[(start + number) % len(people)]}")
            if number % 3 == 0:
                url = f"https://example.org/journal/{cohort}/{number}"
                lines.append(f"    evidence: [{{name: Reflective journal, url: {url}}}]")
            if number % 5 == 0:
                words = chance.choice(
                    ["Led two sessions.", "Helped others to speak.", "Asked the best question."]
                )
                lines.append(f"    narrative: {words}")
            if number == 7 and cohort % 10 == 0:
                lines.append(f"    revoked: {{on: {day + timedelta(days=30)}, reason: Issued in error}}")
        # The number of the cohort is part of the record, so that a later round of the list is a new award.
        lines.insert(2, f"number: {cohort // 2000 + 1}")
        _write(folder / f"content/awards/{issuer}/cohort-{cohort:05d}.yml", "\n".join(lines) + "\n")
        done, cohort = done + size, cohort + 1


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(description="A site of any size for measuring.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--participants", type=int, default=1000)
    parser.add_argument("--awards", type=int, default=3000)
    parser.add_argument("--host", choices=["mkdocs", "plain"], default="mkdocs")
    parser.add_argument("--signed", action="store_true", help="every issuer has a key and signs")
    options = parser.parse_args()
    generate(options.folder, options.participants, options.awards, host=options.host, signed=options.signed)


if __name__ == "__main__":
    main()
