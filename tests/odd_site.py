"""A site of what people do bring: endless names, names of one letter, in emoji, in several scripts; hundreds
of badges, none; a picture of 1 × 4000 pixels; prose that looks like HTML."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
from pathlib import Path

from PIL import Image

from demo import ROOT

MANY = 300
LONG = ("Maximiliane-Anastasia von und zu Oberhausen-Unterwaldstein " * 4)[:200].strip()
UNBROKEN = "Donaudampfschifffahrtsgesellschaftskapitänswitwe" * 4
PEOPLE = {
    "long-name": LONG,
    "unbroken-name": UNBROKEN[:200],
    "one-letter": "O",
    "emoji-name": "🦊🌙 Fox 👩🏽‍🚀",
    "mixed-scripts": "Amira أميرة Αμίρα Амира 阿米拉",
    "arabic-name": "عبد الرحمن بن محمد الأندلسي",
    "many-badges": "Collector of Everything",
    "no-badges": "Just Arrived",
    "looks-like-html": 'Tim <3 & "Co" > Söhne',
}


def lay_odd(site: Path) -> Path:
    """The source of that site in a folder, in English and Arabic."""
    shutil.copytree(ROOT / "tests" / "sites" / "minimal", site)
    text = (site / "site.yml").read_text(encoding="utf-8")
    text = text.replace("languages: [en]", "languages: [en, ar]").replace("host: plain\n", "")
    (site / "site.yml").write_text(text, encoding="utf-8")
    badges = site / "badges" / "harbour"
    one = badges.joinpath("listener.yml").read_text(encoding="utf-8")
    for number in range(MANY):
        (badges / f"one-of-many-{number}.yml").write_text(_named(one, f"One of Many {number}"))
    (badges / "narrow.yml").write_text(_named(one, "Needle " * 40) + "image: narrow.png\n")
    picture = io.BytesIO()
    Image.new("RGB", (1, 4000), "crimson").save(picture, "PNG")
    (badges / "narrow.png").write_bytes(picture.getvalue())
    people = site / "content" / "participants"
    for slug, name in PEOPLE.items():
        (people / f"{slug}.yml").write_text(_person(slug, name), encoding="utf-8")
    awards = site / "content" / "awards" / "harbour"
    for slug in PEOPLE:
        given = {
            "many-badges": [f"one-of-many-{n}" for n in range(MANY)],
            "no-badges": [],
        }.get(slug, ["listener", "narrow"])
        for number, badge in enumerate(given):
            day = f"20{10 + number % 16}-0{1 + number % 9}-{10 + number % 18}"
            record = {"participant": slug, "badge": badge, "issuedOn": day}
            (awards / f"{slug}-{number}.yml").write_text(json.dumps(record), encoding="utf-8")
    taken = {"on": "2025-12-02", "reason": "W" * 2000}
    record = {
        "participant": "one-letter",
        "badge": "one-of-many-0",
        "issuedOn": "2024-04-01",
        "revoked": taken,
    }
    (awards / "taken-back.yml").write_text(json.dumps(record), encoding="utf-8")
    return site


def _named(badge: str, name: str) -> str:
    lines = [line for line in badge.splitlines() if not line.startswith(("name:", "image:"))]
    return "\n".join([f"name: {json.dumps(name.strip()[:300])}", *lines, ""])


def _person(slug: str, name: str) -> str:
    digest = hashlib.sha256(slug.encode()).hexdigest()
    record = {
        "name": name,
        "display": "full",
        "visibility": "public",
        "identities": [{"identity": f"sha256${digest}", "salt": f"salt-of-{slug}-000000"}],
        "consent": {"on": "2024-06-20", "scope": ["name", "listing", "awards"]},
        "bio": "I write \\<script>alert(1)\\</script> and `<img src=x>` for a living. " + "word " * 120,
        "links": [{"name": "x" * 290, "url": "https://example.org/" + "a" * 200}] * 3,
    }
    return json.dumps(record, ensure_ascii=False)
